/** Variables for the shell, as docker's `--env` and `--env-file` read them. */
import { readFileSync } from 'node:fs'
import { CommandError } from '../exit-codes.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** `NAME=VALUE` sets, `NAME` alone takes the value from around the shell; the value is never trimmed. */
export const variableOf = (
  item: string,
  around: Environment,
): readonly [string, string | undefined] => {
  const at = item.indexOf('=')
  const name = at < 0 ? item : item.slice(0, at)
  if (name === '' || /\s/.test(name)) {
    throw new CommandError('usage', `Variable "${name}": a name without white space is needed.`)
  }
  return at < 0 ? [name, around[name]] : [name, item.slice(at + 1)]
}

/** No account id holds white space, so a remark behind it can only be a remark. */
const withoutRemark = (name: string, value: string | undefined) =>
  name === 'LP_ACCOUNT' ? value?.replace(/\s.*$/, '') : value

/** The variables of an env file: blank lines and those that begin with `#` or `*` are skipped. */
export const parseEnvFile = (text: string, around: Environment): Environment =>
  Object.fromEntries(
    text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map((line) => line.trimStart())
      .filter((line) => line !== '' && !/^[#*]/.test(line))
      .map((line) => variableOf(line, around))
      .map(([name, value]) => [name, withoutRemark(name, value)]),
  )

export const readEnvFile = (file: string, around: Environment): Environment => {
  try {
    return parseEnvFile(readFileSync(file, 'utf8'), around)
  } catch (error) {
    if (error instanceof CommandError) {
      throw new CommandError('usage', `${file}: ${error.message}`, { cause: error })
    }
    throw new CommandError('usage', `The env file ${file} cannot be read.`, { cause: error })
  }
}
