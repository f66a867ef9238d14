import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { ServerDescription } from '../server-description.ts'

const TIMEOUT_MS = 5_000

/** The certificate that a server shows, PEM; also one that nobody should trust any more. */
export const servedCertificate = ({
  address,
  authority,
}: Pick<ServerDescription, 'address' | 'authority'>): Promise<string> =>
  new Promise((resolve, reject) => {
    const name = authority.replace(/:\d+$/, '')
    const servername = isIP(name.replace(/^\[|\]$/g, '')) === 0 ? { servername: name } : {}
    const socket = connect({ ...address, ...servername, rejectUnauthorized: false })
    const refuse = (reason: string) =>
      socket.destroy(new Error(`The server on port ${address.port} ${reason}`))
    socket.setTimeout(TIMEOUT_MS, () => refuse('does not answer'))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate()
      if (!certificate) return refuse('shows no certificate')
      resolve(certificate.toString())
      socket.destroy()
    })
  })
