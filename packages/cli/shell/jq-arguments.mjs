/** Values that follow each flag of jq. */
const values = { '--arg': 2, '--argjson': 2, '--indent': 1, '--slurpfile': 2, '--rawfile': 2 }

/** Splits jq's command line into flags with their values, the filter, and files. */
export const splitJqArguments = (args) => {
  const flags = []
  const words = []
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]
    if (!arg.startsWith('-') || arg === '-') words.push(arg)
    else {
      const count = values[arg] ?? 0
      flags.push(...args.slice(at, at + count + 1))
      at += count
    }
  }
  const [filter = '.', ...files] = words
  return { flags, filter, files }
}
