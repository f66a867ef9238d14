/** `ringdown token`: tokens for tests, as the identity provider or a brand would make them. */
import { Command } from 'commander'
import { brandKeyAt, signBrandToken } from '../brand-token.ts'
import {
  type AccountOptions,
  accountOf,
  addAccountOptions,
  assignments,
  collect,
  whole,
} from '../common-options.ts'
import { callOrFail, type Target } from '../http-client.ts'
import { withServer } from '../reach-server.ts'

interface ConsumerOptions extends AccountOptions {
  readonly consumer?: string
  readonly kind?: string
  readonly ttl?: number
}

interface BrandOptions extends AccountOptions {
  readonly subject: string
  readonly issuer?: string
  readonly ttl: number
  readonly key?: string
  readonly claim?: readonly string[]
}

const extension = (options: AccountOptions) =>
  `/api/account/${encodeURIComponent(accountOf(options))}/ringdown/v1`

const printToken = (answer: object, token: string, { json }: AccountOptions) =>
  process.stdout.write(`${json ? JSON.stringify(answer, null, 2) : token}\n`)

const mintConsumerToken = (options: ConsumerOptions) =>
  withServer(options, async (target) => {
    const body = {
      ...(options.consumer === undefined ? {} : { consumerId: options.consumer }),
      ...(options.kind === undefined ? {} : { kind: options.kind }),
      ...(options.ttl === undefined ? {} : { ttlSeconds: options.ttl }),
    }
    const path = `${extension(options)}/tokens/consumer`
    const answer = (await callOrFail(target, 'POST', path, body)) as {
      jwt?: string
      token?: string
    }
    printToken(answer, answer.jwt ?? answer.token ?? '', options)
  })

interface KnownKey {
  readonly publicKey: string
}

const registerKey = async (target: Target, options: AccountOptions, publicKey: string) => {
  const path = `${extension(options)}/settings`
  const settings = (await callOrFail(target, 'GET', path)) as { brandKeys?: readonly KnownKey[] }
  const brandKeys = settings.brandKeys ?? []
  if (brandKeys.some((key) => key.publicKey === publicKey)) return
  await callOrFail(target, 'PATCH', path, { brandKeys: [...brandKeys, { publicKey }] })
}

const mintBrandToken = async (options: BrandOptions) => {
  const key = await brandKeyAt(options.key, options.data ?? './data')
  // A key of the brand's own is registered by whoever owns the account, not by a test.
  if (options.key === undefined) {
    await withServer(options, (target) => registerKey(target, options, key.publicKey))
  }
  const jwt = signBrandToken(key, {
    account: accountOf(options),
    subject: options.subject,
    issuer: options.issuer ?? 'https://brand.example',
    ttlSeconds: options.ttl,
    claims: assignments(options.claim ?? []),
  })
  printToken({ jwt }, jwt, options)
}

export const tokenVerb = () =>
  new Command('token')
    .description('Mints tokens for tests.')
    .addCommand(
      addAccountOptions(new Command('consumer'))
        .description('Prints a consumer’s token, as signup would.')
        .option('--consumer <id>', 'An existing consumer (default: a new one).')
        .option('--kind <kind>', 'signup or anonymous.')
        .option('--ttl <seconds>', 'Life of the token; negative for one that has expired.', whole)
        .action(mintConsumerToken),
    )
    .addCommand(
      addAccountOptions(new Command('brand'))
        .description('Prints a brand’s token, to be exchanged at the identity provider.')
        .requiredOption('--subject <id>', 'The consumer’s id at the brand.')
        .option('--issuer <text>', 'The brand’s issuer (default: https://brand.example).')
        .option('--ttl <seconds>', 'Life of the token.', whole, 3600)
        .option('--claim <name=value>', 'A further claim; may be repeated.', collect)
        .option(
          '--key <path>',
          'RSA key, PEM (default: one of our own, registered with the account).',
        )
        .action(mintBrandToken),
    )
