export class UsageError extends Error {}
export const splitArguments: (args: readonly string[]) => {
  readonly keepAliveSeconds?: number
  readonly rest: readonly string[]
}
