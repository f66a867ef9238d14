import { createPrivateKey, X509Certificate } from 'node:crypto'

/** Whether a PEM certificate, the first of a chain, belongs to a PEM key. */
export const isPair = (cert: string, key: string): boolean => {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    // Half-written or foreign text: not a pair.
    return false
  }
}
