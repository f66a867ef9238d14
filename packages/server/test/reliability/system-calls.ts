/**
 * Reads what `strace -f -y` wrote, and finds sequences that were told to a client before the disk had
 * them: every socket write that names a sequence must come after a sync of the write-ahead log that
 * began after the event's text was written to it.
 */
import { spawnSync } from 'node:child_process'

const TRACED = 'pwrite64,write,writev,sendmsg,fsync,fdatasync'
const TRACER = ['-f', '-y', '--seccomp-bpf', '-s', '70000', '-e', `trace=${TRACED}`]

/** Why system calls cannot be traced here; undefined when they can. */
export const tracingProblem = (): string | undefined => {
  const { status, error, stderr } = spawnSync('strace', [...TRACER, '-o', '/dev/null', 'true'])
  if (error) return 'strace is not installed'
  return status === 0 ? undefined : `strace may not trace: ${String(stderr).trim()}`
}

/** The program to run a server under, with a file for what it does. */
export const tracer = (file: string, more: readonly string[] = []): string[] => [
  'strace',
  ...TRACER,
  ...['-o', file],
  ...more,
]

interface SystemCall {
  readonly phase: 'whole' | 'entered' | 'left'
  readonly thread: string
  readonly name: string
  readonly text: string
}

const LINE = /^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$/s

const readLine = (line: string): SystemCall | undefined => {
  const [, thread = '', resumed, name = '', text = ''] = LINE.exec(line) ?? []
  if (thread === '') return undefined
  if (resumed) return { phase: 'left', thread, name: resumed, text }
  const phase = text.endsWith('<unfinished ...>') ? 'entered' : 'whole'
  return { phase, thread, name, text }
}

export interface TraceVerdict {
  /** Sequences in answers and in notifications, each time they were told. */
  readonly answers: number
  readonly notifications: number
  /** Successful and failed syncs of the write-ahead log. */
  readonly syncs: number
  readonly failedSyncs: number
  readonly violations: readonly string[]
}

const isWal = (text: string): boolean => /^\d+<[^>]*-wal>/.test(text)
const isSocket = (text: string): boolean => /^\d+<(?:socket|TCP)/.test(text)
const hasSucceeded = (text: string): boolean => / = 0$/.test(text)

class TraceReader {
  answers = 0
  notifications = 0
  syncs = 0
  failedSyncs = 0
  readonly violations: string[] = []
  readonly #markers: ReadonlyMap<string, number>
  readonly #written = new Set<number>()
  readonly #durable = new Set<number>()
  /** What had been written when the sync of a thread began. */
  readonly #syncing = new Map<string, readonly number[]>()

  constructor(markers: ReadonlyMap<string, number>) {
    this.#markers = markers
  }

  read(call: SystemCall): void {
    if (call.name === 'fsync' || call.name === 'fdatasync') this.#sync(call)
    else if (call.phase === 'left') return
    else if (isWal(call.text)) this.#write(call.text)
    else if (isSocket(call.text)) this.#tell(call.text)
  }

  #write(text: string): void {
    for (const [marker] of text.matchAll(/<[\w.-]+>/g)) {
      const sequence = this.#markers.get(marker)
      if (sequence !== undefined) this.#written.add(sequence)
    }
  }

  #sync({ phase, thread, text }: SystemCall): void {
    if (phase !== 'left' && isWal(text)) this.#syncing.set(thread, [...this.#written])
    const covered = this.#syncing.get(thread)
    if (phase === 'entered' || !covered) return
    this.#syncing.delete(thread)
    if (!hasSucceeded(text)) {
      this.failedSyncs += 1
      return
    }
    this.syncs += 1
    for (const sequence of covered) {
      this.#durable.add(sequence)
      this.#written.delete(sequence)
    }
  }

  #tell(text: string): void {
    for (const [, kind, sequence = ''] of text.matchAll(
      /(kind|previousSequence|sequence)\\":(?:\\")?(\w+)/g,
    )) {
      if (kind === 'sequence') this.#told(Number(sequence))
      else if (kind === 'kind' && sequence === 'resp') this.answers += 1
      else if (kind === 'kind') this.notifications += 1
    }
  }

  #told(sequence: number): void {
    if (!this.#durable.has(sequence)) this.violations.push(`${sequence} was told before its sync`)
  }
}

/** `markers`: the sequence of each text that was published, by the mark it carries. */
export const readTrace = (trace: string, markers: ReadonlyMap<string, number>): TraceVerdict => {
  const reader = new TraceReader(markers)
  for (const line of trace.split('\n')) {
    const call = readLine(line)
    if (call) reader.read(call)
  }
  const { answers, notifications, syncs, failedSyncs, violations } = reader
  return { answers, notifications, syncs, failedSyncs, violations }
}
