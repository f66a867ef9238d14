/** Starts bash, zsh or sh with our variables, and a prompt that says so. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import type { Environment } from './env-file.ts'
import { isOnPath } from './tools.ts'

type ShellKind = 'bash' | 'zsh' | 'sh'

export interface Shell {
  readonly program: string
  readonly kind: ShellKind
}

const kinds: Readonly<Record<string, ShellKind>> = {
  bash: 'bash',
  zsh: 'zsh',
  sh: 'sh',
  dash: 'sh',
  ash: 'sh',
  ksh: 'sh',
}

/** The person's own shell where its syntax is that of the tutorials, else bash, else sh. */
export const chooseShell = (env: Environment): Shell => {
  const own = env.SHELL ?? ''
  const kind = kinds[path.basename(own)]
  if (kind !== undefined) return { program: own, kind }
  return isOnPath('bash', env.PATH ?? '')
    ? { program: 'bash', kind: 'bash' }
    : { program: '/bin/sh', kind: 'sh' }
}

const PROMPT = 'lp-shell'

/** A person's own start-up file may set PATH and prompt; ours come after it. */
const startUp = (own: string, prompt: string) =>
  `[ -r "${own}" ] && . "${own}"\nPATH="$RINGDOWN_PATH"\nexport PATH\n${prompt}\n`

/** Arguments and variables that give an interactive shell our prompt. */
export const interactive = ({ kind }: Shell, folder: string, env: Environment) => {
  const home = env.HOME ?? ''
  const write = (name: string, text: string) => {
    const file = path.join(folder, name)
    writeFileSync(file, text)
    return file
  }
  if (kind === 'bash') {
    const file = write('bashrc', startUp(`${home}/.bashrc`, `PS1='${PROMPT} \\w \\$ '`))
    return { args: ['--rcfile', file, '-i'], env: {} }
  }
  if (kind === 'zsh') {
    write('.zshrc', startUp(`${env.ZDOTDIR ?? home}/.zshrc`, `PROMPT='${PROMPT} %~ %# '`))
    return { args: ['-i'], env: { ZDOTDIR: folder } }
  }
  const file = write('shrc', startUp(env.ENV ?? '/dev/null', `PS1='${PROMPT} $ '`))
  return { args: ['-i'], env: { ENV: file } }
}

/** Runs the shell, or one command in it; resolves with its exit code. */
export const runShell = (shell: Shell, args: readonly string[], env: Environment) =>
  new Promise<number>((resolve, reject) => {
    // The shell answers the keyboard itself; we only wait for it.
    const ignore = () => {}
    process.on('SIGINT', ignore)
    const child = spawn(shell.program, args, { stdio: 'inherit', env: env as NodeJS.ProcessEnv })
    const end = () => child.kill('SIGTERM')
    process.on('SIGTERM', end)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', end)
      resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals])
    })
  })
