/** Makes curl and Node trust one more certificate authority without forgetting the ones they know. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import type { Environment } from './env-file.ts'

const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

const read = (file: string | undefined) =>
  file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined

/** What curl would have trusted by itself. */
const usualBundle = (env: Environment): string =>
  read(env.CURL_CA_BUNDLE) ??
  read(env.SSL_CERT_FILE) ??
  read(systemBundles.find(existsSync)) ??
  rootCertificates.join('\n')

/** Variables under which the tools trust `ca`; files are written into `folder`. */
export const trustVariables = (ca: string, folder: string, env: Environment): Environment => {
  const bundle = path.join(folder, 'ca-bundle.pem')
  writeFileSync(bundle, `${usualBundle(env)}\n${ca}\n`)
  const extra = path.join(folder, 'extra-ca.pem')
  writeFileSync(extra, `${read(env.NODE_EXTRA_CA_CERTS) ?? ''}\n${ca}\n`)
  return { CURL_CA_BUNDLE: bundle, NODE_EXTRA_CA_CERTS: extra }
}
