/** A packaged jq for machines that have none: one filter, flags, files or standard input. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import { splitJqArguments } from './jq-arguments.mjs'

const require = createRequire(import.meta.url)

const { flags, filter, files } = splitJqArguments(process.argv.slice(2))
try {
  const input = files.length > 0 ? files : [0]
  const text = flags.some((flag) => /^(-n|--null-input)$/.test(flag))
    ? ''
    : input.map((file) => readFileSync(file, 'utf8')).join('\n')
  const output = await require('jq-wasm').raw(text, filter, flags)
  if (output !== '') process.stdout.write(`${output}\n`)
} catch (error) {
  const isMissing = error.code === 'MODULE_NOT_FOUND'
  const message = isMissing
    ? 'jq is not installed. Debian, Ubuntu: apt-get install jq; macOS: brew install jq.'
    : error.message.replace(/^Failed to execute raw query: /, '')
  process.stderr.write(`${message}\n`)
  process.exitCode = isMissing ? 127 : 5
}
