import { table } from './table.ts'

/** What the workspace knows of itself; its sources are typed for browsers, and read here without. */
const fromWorkspace = async <Shape>(file: string) => {
  const address = new URL(`../../packages/workspace/src/${file}`, import.meta.url)
  return (await import(address.href)) as Shape
}

const { commands, usualKeys } = await fromWorkspace<{
  readonly commands: readonly string[]
  readonly usualKeys: Readonly<Record<string, string>>
}>('model/keys.ts')
const { en } = await fromWorkspace<{ readonly en: Readonly<Record<string, string>> }>('text/en.ts')

/** `g i` → `G` then `I`, as the keys are printed on keyboards. */
const printed = (binding: string): string =>
  binding
    .split(' ')
    .map((chord) => {
      const [key = '', ...modifiers] = chord.split('+').reverse()
      const name = key === 'Escape' ? 'Esc' : key.length === 1 ? key.toUpperCase() : key
      return `\`${[...modifiers.reverse(), name].join('+')}\``
    })
    .join(' then ')

/** The sheet calls itself "this sheet". */
const words = (command: string): string =>
  command === 'help' ? String(en['keys.title']) : (en[`keys.${command}`] ?? '')

/** The reference of the keys of the workspace. */
export const keysPage = () => `# Keys of the workspace

Made from \`packages/workspace/src/model/keys.ts\` by \`npm run docs\`; do not edit.

Single keys work outside fields of text. On a Mac, Command stands for Ctrl. *Settings → Keys* changes each of them;
\`?\` shows those that you have.

${table(
  ['Keys', 'Do this'],
  commands.map((command) => [printed(usualKeys[command] ?? ''), words(command)]),
)}

In the composer \`Enter\` sends and \`Shift+Enter\` begins a new line, unless *Settings → Composer* turns that round. In
lists the arrows, \`Page up\`, \`Page down\`, \`Home\` and \`End\` lead to every row.

How they are used: [working in the workspace](../start/workspace.md).
`
