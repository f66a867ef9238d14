/** Prints data: JSON for programs, aligned columns for people. */

export interface OutputOptions {
  readonly json?: boolean
}

type Row = Readonly<Record<string, unknown>>

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(shown).join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Columns wide enough for their longest value, with a heading. */
export const columns = (rows: readonly Row[], names: readonly string[]): string => {
  const table = [names, ...rows.map((row) => names.map((name) => shown(row[name])))]
  const widths = names.map((_, column) => Math.max(...table.map((line) => line[column]!.length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One value per line, nested ones with dotted names. */
export const properties = (value: Row, prefix = ''): string =>
  Object.entries(value)
    .map(([name, item]) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? properties(item as Row, `${prefix}${name}.`)
        : `${prefix}${name}: ${shown(item)}`,
    )
    .join('\n')

/** Writes an answer to standard output. */
export const print = (data: unknown, options: OutputOptions, names?: readonly string[]): void => {
  const text = options.json
    ? JSON.stringify(data, null, 2)
    : Array.isArray(data)
      ? columns(data as Row[], names ?? Object.keys(data[0] ?? {}))
      : properties(data as Row)
  process.stdout.write(`${text}\n`)
}
