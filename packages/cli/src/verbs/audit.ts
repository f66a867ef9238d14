import { Command } from 'commander'
import { type AccountOptions, accountOf, addAccountOptions, whole } from '../common-options.ts'
import { callOrFail } from '../http-client.ts'
import { print } from '../output.ts'
import { withServer } from '../reach-server.ts'

interface AuditOptions extends AccountOptions {
  readonly all?: boolean
  readonly from?: string
  readonly to?: string
  readonly limit?: number
  readonly after?: string
}

interface Page {
  readonly entries: readonly { readonly at: number }[]
  readonly next?: string
}

const names = ['when', 'by', 'from', 'accountId', 'action', 'subjects', 'fields']

const queryOf = ({ from, to, limit, after }: AuditOptions): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ from, to, limit, after }))
    if (value !== undefined) query.set(name, String(value))
  return query.size > 0 ? `?${query}` : ''
}

const show = (page: Page, options: AuditOptions): void => {
  if (options.json) {
    print(page, options)
    return
  }
  const rows = page.entries.map((one) => ({ ...one, when: new Date(one.at).toISOString() }))
  print(rows, options, names)
  if (page.next !== undefined) process.stdout.write(`more with --after ${page.next}\n`)
}

/** `ringdown audit`: who changed what by administration. */
export const auditVerb = () =>
  addAccountOptions(new Command('audit'))
    .description('Shows who changed what by administration, newest first.')
    .option('--all', 'Of all accounts and of the server itself.')
    .option('--from <time>', 'From this time on: a date, or milliseconds since the epoch.')
    .option('--to <time>', 'Before this time.')
    .option('--limit <n>', 'So many entries at most (default: 100).', whole)
    .option('--after <place>', 'The entries that follow those of an answer before.')
    .action((options: AuditOptions) =>
      withServer(options, async (target) => {
        const where = options.all
          ? '/ringdown/v1/audit'
          : `/api/account/${encodeURIComponent(accountOf(options))}/ringdown/v1/audit`
        const page = await callOrFail(target, 'GET', where + queryOf(options))
        show(page as Page, options)
      }),
    )
