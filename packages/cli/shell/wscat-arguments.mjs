/** Options of wscat that take the next argument, so that a `-k` behind them is a value. */
const withValue = new Set([
  '--auth',
  '--ca',
  '--cert',
  '--host',
  '--key',
  '--proxy',
  '--connect',
  '--header',
  '--listen',
  '--origin',
  '--protocol',
  '--subprotocol',
  '--wait',
  '--execute',
])
const shortWithValue = new Set([...'cHlopswx'].map((letter) => `-${letter}`))

export class UsageError extends Error {}

const seconds = (text) => {
  const value = Number(text)
  if (text === undefined || text.trim() === '' || !(value > 0)) {
    throw new UsageError(
      `option '-k <seconds>' needs a number of seconds above 0, not '${text ?? ''}'`,
    )
  }
  return value
}

/** Takes `-k SECONDS`, `-kSECONDS`, `--keepalive SECONDS` out; the rest stays as it was given. */
export const splitArguments = (args) => {
  const rest = []
  let keepAliveSeconds
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]
    if (arg === '--') {
      rest.push(...args.slice(at))
      break
    }
    if (arg === '-k' || arg === '--keepalive') {
      at += 1
      keepAliveSeconds = seconds(args[at])
    } else if (/^-k./.test(arg)) keepAliveSeconds = seconds(arg.slice(2).replace(/^=/, ''))
    else if (arg.startsWith('--keepalive=')) keepAliveSeconds = seconds(arg.slice(12))
    else {
      rest.push(arg)
      if ((withValue.has(arg) || shortWithValue.has(arg)) && at + 1 < args.length) {
        at += 1
        rest.push(args[at])
      }
    }
  }
  return { keepAliveSeconds, rest }
}
