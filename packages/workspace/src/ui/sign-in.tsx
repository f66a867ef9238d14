/** The way in. [WSP1] */
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { SessionHolder, SignInProblem } from '../model/session.ts'
import { useText } from '../text/language.ts'
import { Icon } from './icons.tsx'
import { Button } from './parts.tsx'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly type?: string
  readonly autoComplete: string
  readonly initial: string
}

const Field = ({ name, label, type = 'text', autoComplete, initial }: FieldProps) => (
  <label className="block">
    <span className="mb-1 block text-sm font-medium">{label}</span>
    <input
      className="field"
      name={name}
      type={type}
      autoComplete={autoComplete}
      defaultValue={initial}
      required
      spellCheck={false}
      autoCapitalize="none"
    />
  </label>
)

const useSignIn = (session: SessionHolder, first: SignInProblem | undefined) => {
  const [problem, setProblem] = useState(first)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const textIn = (name: string) => String(fields.get(name) ?? '')
    setBusy(true)
    const failed = await session.signIn({
      account: textIn('account').trim(),
      username: textIn('username').trim(),
      password: textIn('password'),
    })
    setBusy(false)
    setProblem(failed)
    if (failed === 'wrong') form.querySelector<HTMLInputElement>('[name="password"]')?.select()
  }
  return { problem, isBusy, submit }
}

export const SignIn = (props: { session: SessionHolder; problem: SignInProblem | undefined }) => {
  const { session } = props
  const say = useText()
  const { problem, isBusy, submit } = useSignIn(session, props.problem)
  const form = useRef<HTMLFormElement>(null)
  const { account, username } = session.last
  useEffect(() => {
    const inputs = [...(form.current?.querySelectorAll('input') ?? [])]
    inputs.find(({ value }) => value === '')?.focus()
  }, [])
  return (
    <main className="flex h-full items-center justify-center overflow-auto p-4">
      <form
        ref={form}
        onSubmit={submit}
        className="w-full max-w-90 space-y-4 rounded-2xl bg-panel p-8 shadow-pop max-mid:bg-transparent max-mid:p-4 max-mid:shadow-none"
      >
        <span className="inline-flex size-10 items-center justify-center rounded-xl bg-accent text-on-accent">
          <Icon name="chat" size={20} />
        </span>
        <h1 className="text-xl font-semibold tracking-tight">{say('signIn.title')}</h1>
        <Field
          name="account"
          label={say('signIn.account')}
          autoComplete="organization"
          initial={account}
        />
        <Field
          name="username"
          label={say('signIn.username')}
          autoComplete="username"
          initial={username}
        />
        <Field
          name="password"
          label={say('signIn.password')}
          type="password"
          autoComplete="current-password"
          initial=""
        />
        <p role="alert" className="min-h-5 text-sm text-bad">
          {problem && say(`signIn.problem.${problem}`)}
        </p>
        <Button kind="primary" size={36} type="submit" disabled={isBusy} className="w-full">
          {isBusy ? say('signIn.busy') : say('signIn.submit')}
        </Button>
      </form>
    </main>
  )
}
