export const splitJqArguments: (args: readonly string[]) => {
  readonly flags: readonly string[]
  readonly filter: string
  readonly files: readonly string[]
}
