/** `s3://bucket/prefix?endpoint=https://…&region=…` */
import { readFileSync } from 'node:fs'
import { ConfigurationError } from '../configuration-error.ts'
import type { S3Credentials } from './s3-signature.ts'

export interface S3Location {
  readonly bucket: string
  /** Stands before every key: empty, or with a slash at its end. */
  readonly prefix: string
  readonly endpoint: URL
  readonly region: string
}

const DEFAULT_REGION = 'us-east-1'

const fail = (problem: string): never => {
  throw new ConfigurationError(`--files ${problem}`)
}

const endpointOf = (text: string): URL => {
  const endpoint = URL.parse(text)
  if (!endpoint || !['http:', 'https:'].includes(endpoint.protocol))
    return fail('names an endpoint that is no http:// or https:// address.')
  return endpoint
}

export const s3Location = (text: string): S3Location => {
  const url = URL.parse(text)
  if (url?.protocol !== 's3:' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname))
    return fail('must look like s3://bucket?endpoint=https://…&region=….')
  const unknown = [...url.searchParams.keys()].find((one) => !['endpoint', 'region'].includes(one))
  if (unknown !== undefined) fail(`has an unknown part ${unknown}; there are endpoint and region.`)
  const region = url.searchParams.get('region') ?? DEFAULT_REGION
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint: endpointOf(url.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`),
    region,
  }
}

type Env = Readonly<Record<string, string | undefined>>

const fromEnv = (env: Env, name: string): string | undefined => {
  const file = env[`${name}_FILE`]
  if (env[name] !== undefined || file === undefined) return env[name]
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new ConfigurationError(`${name}_FILE names ${file}, which cannot be read.`, { cause })
  }
}

/** From the variables that every tool for such stores reads, each also with `_FILE`. */
export const s3Credentials = (env: Env): S3Credentials => {
  const accessKeyId = fromEnv(env, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = fromEnv(env, 'AWS_SECRET_ACCESS_KEY')
  const sessionToken = fromEnv(env, 'AWS_SESSION_TOKEN')
  if (!accessKeyId || !secretAccessKey)
    return fail('names an S3 store; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for it.')
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}

/** What an S3 store needs; undefined for a folder. */
export const s3Parts = (files: string | undefined, env: Env) =>
  files?.startsWith('s3://')
    ? { location: s3Location(files), credentials: s3Credentials(env) }
    : undefined
