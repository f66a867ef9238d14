/** How the text of a setting becomes a value. Every source is text: flags, environment, files. */
import { isIP, isIPv4 } from 'node:net'
import { ConfigurationError } from './configuration-error.ts'

export interface Kind<T> {
  /** Shown in help and documentation: `--port <number>`. */
  readonly placeholder: string
  /** Throws a ConfigurationError that completes the sentence "… must be". */
  readonly parse: (text: string) => T
}

const mustBe = (what: string): never => {
  throw new ConfigurationError(`must be ${what}`)
}

export const text: Kind<string> = {
  placeholder: 'text',
  parse: (value) => (value === '' ? mustBe('something; it is empty') : value),
}

export const file: Kind<string> = { ...text, placeholder: 'path' }

export const flag: Kind<boolean> = {
  placeholder: 'true|false',
  parse: (value) => {
    if (/^(true|1|yes|on)$/i.test(value)) return true
    return /^(false|0|no|off)$/i.test(value) ? false : mustBe('true or false')
  },
}

export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> => ({
  placeholder: 'number',
  parse: (value) => {
    const number = /^\d+$/.test(value.trim()) ? Number(value) : Number.NaN
    if (number >= least && number <= most) return number
    return mustBe(
      most === Number.MAX_SAFE_INTEGER
        ? `a whole number, ${least} or more`
        : `a whole number from ${least} to ${most}`,
    )
  },
})

export const choice = <T extends string>(...values: readonly T[]): Kind<T> => ({
  placeholder: values.join('|'),
  parse: (value) =>
    values.find((candidate) => candidate === value) ?? mustBe(`one of ${values.join(', ')}`),
})

export const url = (...protocols: readonly string[]): Kind<string> => ({
  placeholder: 'url',
  parse: (value) => {
    const protocol = URL.parse(value)?.protocol
    return protocol && protocols.includes(protocol)
      ? value
      : mustBe(`a URL that starts with ${protocols.map((name) => `${name}//`).join(' or ')}`)
  },
})

/** `host` or `host:port`, without scheme and path. */
export const authority: Kind<string> = {
  placeholder: 'host:port',
  parse: (value) =>
    /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(value)
      ? value
      : mustBe('a host name with or without a port, such as chat.example.com:8443'),
}

const isRange = (value: string) => {
  const [address = '', bits, ...rest] = value.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  return /^\d+$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128)
}

/** Addresses and CIDR ranges, separated by commas. */
export const ranges: Kind<readonly string[]> = {
  placeholder: 'addresses',
  parse: (value) => {
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean)
    const wrong = items.find((item) => !isRange(item))
    return wrong === undefined
      ? items
      : mustBe(`addresses or CIDR ranges separated by commas; ${wrong} is neither`)
  },
}
