/** Secrets inside addresses are hidden from whoever reads settings. [OPS22] */

/** Also without slashes, which some schemes do not need. A password may hold an `@` itself. */
const USER_INFO = /([a-z][a-z0-9+.-]+:[\\/]*)([^/?#]*)@/gi

/** Parameters that hold secrets; the names of files that hold them are none. */
const SECRET_PARAMETER = /pass(?!file)|pwd|secret|token|credential|signature|(?<!ssl)key/i

const withoutUserInfo = (address: string): string =>
  address.replace(USER_INFO, (_, scheme: string, userInfo: string) => {
    const [user, password] = userInfo.split(':', 2)
    return password === undefined ? `${scheme}***@` : `${scheme}${user}:***@`
  })

const maskParameter = (parameter: string): string => {
  const [pair] = new URLSearchParams(parameter)
  if (!pair) return parameter
  const [name, value] = pair
  if (SECRET_PARAMETER.test(name)) return `${name}=***`
  const masked = maskSecrets(value)
  return masked === value ? parameter : `${name}=${masked}`
}

/** An address without the secrets in its user info, in its parameters and in the addresses that those hold. */
export const maskSecrets = (address: string): string => {
  const at = address.indexOf('?')
  if (at < 0) return withoutUserInfo(address)
  // What follows a # belongs to it too: it may be half of a password.
  const parameters = address.slice(at + 1).split('&')
  return `${withoutUserInfo(address.slice(0, at))}?${parameters.map(maskParameter).join('&')}`
}
