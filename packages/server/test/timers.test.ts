/** Timers by themselves: the real store and bus, and handlers that write down what they are asked. */
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { memoryBus } from '../src/bus/memory-bus.ts'
import { defaultSettings } from '../src/domain/account.ts'
import type { Timer, TimerKind } from '../src/domain/timer.ts'
import type { TimerHandlers } from '../src/routing/timers.ts'
import { Timers } from '../src/routing/timers.ts'
import { armingCommands, watchedStore } from '../src/routing/watched-store.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { QueryName, Store } from '../src/store/store.ts'
import { ManualClock } from '../src/testing/index.ts'

const HOUR = 3_600_000

type Serve = (timer: Timer) => Promise<number | undefined>

const handlersOf = (serve: Serve): TimerHandlers => ({
  auto_close: serve,
  take_back: serve,
  bot_answer: serve,
  dialog_end: serve,
})

const world = async () => {
  await using stack = new AsyncDisposableStack()
  const clock = new ManualClock()
  const bus = stack.use(memoryBus())
  const inner = stack.use(await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: 't' }))
  const begin = clock.now()
  /** A node of its own on the same database and bus; it notices its own writes alone. */
  const node = (serve: Serve, onRead: (name: QueryName) => void = () => undefined) => {
    const read: Store['read'] = (name, data) => {
      onRead(name)
      return inner.read(name, data)
    }
    const { store, onWrite } = watchedStore({ ...inner, read })
    const ports = { store, bus, clock, log: pino({ level: 'silent' }) }
    const timers = new Timers(ports, handlersOf(serve))
    onWrite(armingCommands, () => timers.noticeWrite())
    timers.start()
    return { store, timers, [Symbol.asyncDispose]: () => timers[Symbol.asyncDispose]() }
  }
  /** Serves by noting what was served, and when. */
  const noting = () => {
    const served: [string, number][] = []
    const serve: Serve = async ({ subjectId }) => {
      served.push([subjectId, clock.now() - begin])
      return undefined
    }
    return { served, serve }
  }
  const timer = (subjectId: string, inMs: number, kind: TimerKind = 'auto_close'): Timer => ({
    accountId: 'A',
    kind,
    subjectId,
    dueAt: begin + inMs,
    data: {},
  })
  const parts = stack.move()
  return {
    clock,
    inner,
    begin,
    node,
    noting,
    timer,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

describe('the scheduler', () => {
  it('[TIM3] looks for earlier timers after what may have set one, and after nothing else', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    const looks: string[] = []
    await using node = given.node(serve, (name) => looks.push(name))
    const looked = async (work: () => Promise<unknown>) => {
      await work()
      const before = looks.length
      await given.clock.advance(1_000)
      return looks.length > before
    }
    await given.clock.advance(1_000)
    const at = given.clock.now()
    const createAccount = () =>
      node.store.write('createAccount', {
        id: 'A',
        name: 'Brand',
        settings: defaultSettings,
        createdAt: at,
      })
    expect(await looked(createAccount)).toBe(false)
    expect(await looked(() => node.store.write('proveWritable', { at }))).toBe(false)
    expect(await looked(() => node.store.write('armTimer', given.timer('one', HOUR)))).toBe(true)
    const opening = { accountId: 'A', conversationId: 'c', consumerId: 'u', skillId: '-1' }
    const open = () =>
      node.store.write('openConversation', {
        ...{ ...opening, ttrSeconds: defaultSettings.ttr, taskId: 't', maxOpen: 1, at },
      })
    expect(await looked(open)).toBe(true)
    expect(served).toEqual([])
  })

  it('[TIM3] serves at the time, also what is set later and is due before', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    await using node = given.node(serve)
    await node.store.write('armTimer', given.timer('late', HOUR))
    await given.clock.advance(1_000)
    await node.store.write('armTimer', given.timer('soon', 5_000))
    await given.clock.advance(3_999)
    expect(served).toEqual([])
    await given.clock.advance(1)
    expect(served).toEqual([['soon', 5_000]])
    await given.clock.advance(HOUR)
    expect(served).toEqual([
      ['soon', 5_000],
      ['late', HOUR],
    ])
    await given.clock.advance(24 * HOUR)
    expect(served).toHaveLength(2)
    expect(await given.inner.read('nextTimerDue', null)).toBeUndefined()
  })

  it('[TIM3] waits with one timer of the clock and polls nothing', async () => {
    await using given = await world()
    await using node = given.node(given.noting().serve)
    for (const hours of [3, 2, 1])
      await node.store.write('armTimer', given.timer(`${hours}`, hours * HOUR))
    await given.clock.advance(200)
    expect(given.clock.pending).toBe(1)
    const before = given.inner.stats().commands
    await given.clock.advance(HOUR / 2)
    expect(given.inner.stats().commands).toBe(before)
  })

  it('[TIM11] serves again when its handler says so', async () => {
    await using given = await world()
    const times: number[] = []
    await using node = given.node(async () => {
      times.push(given.clock.now() - given.begin)
      return times.length < 3 ? given.clock.now() + HOUR : undefined
    })
    await node.store.write('armTimer', given.timer('again', 1_000))
    await given.clock.advance(10 * HOUR)
    expect(times).toEqual([1_000, HOUR + 1_000, 2 * HOUR + 1_000])
  })

  it('[TIM3] serves hundreds that are due at once, each once', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    const ids = Array.from({ length: 350 }, (_, index) => `c${index}`)
    await Promise.all(ids.map((id) => given.inner.write('armTimer', given.timer(id, 1_000))))
    await using _ = given.node(serve)
    await given.clock.advance(1_000)
    expect(served.map(([id]) => id).toSorted()).toEqual(ids.toSorted())
  })

  it('[TIM1] serves at its start what fell due before', async () => {
    await using given = await world()
    await given.inner.write('armTimer', given.timer('missed', 1_000))
    await given.clock.leap(HOUR)
    const { served, serve } = given.noting()
    await using _ = given.node(serve)
    await given.clock.advance(0)
    expect(served).toEqual([['missed', HOUR]])
  })

  it('[TIM4] a handler that fails is asked again, and nobody waits for it', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    let failures = 0
    await using node = given.node(async (timer) => {
      if (timer.subjectId === 'bad' && failures++ === 0) throw new Error('not now')
      return serve(timer)
    })
    await node.store.write('armTimer', given.timer('bad', 1_000))
    await node.store.write('armTimer', given.timer('good', 1_000))
    await given.clock.advance(2_000)
    expect(served).toEqual([['good', 1_000]])
    await given.clock.advance(30_000)
    expect(served).toEqual([
      ['good', 1_000],
      ['bad', 31_000],
    ])
  })

  it('[TIM4] what was set anew while it was served stays set', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    await using node = given.node(async (timer) => {
      const answer = await serve(timer)
      if (served.length === 1) await node.store.write('armTimer', given.timer('x', HOUR))
      return answer
    })
    await node.store.write('armTimer', given.timer('x', 1_000))
    await given.clock.advance(2 * HOUR)
    expect(served).toEqual([
      ['x', 1_000],
      ['x', HOUR],
    ])
  })

  it('[TIM5] a jump of the wall clock loses no timer', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    await using node = given.node(serve)
    await node.store.write('armTimer', given.timer('a', 10_000))
    await given.clock.advance(1_000)
    given.clock.jump(-HOUR)
    await given.clock.advance(HOUR + 9_000)
    expect(served.map(([id]) => id)).toEqual(['a'])
    given.clock.jump(HOUR)
    const now = given.clock.now() - given.begin
    await node.store.write('armTimer', given.timer('b', now + 5_000))
    await given.clock.advance(4_999)
    expect(served).toHaveLength(1)
    await given.clock.advance(1)
    expect(served.map(([id]) => id)).toEqual(['a', 'b'])
  })
})

describe('several nodes', () => {
  it('[TIM2] each timer is served by one of them, whoever set it', async () => {
    await using given = await world()
    const [one, other] = [given.noting(), given.noting()]
    await using here = given.node(one.serve)
    await using there = given.node(other.serve)
    const ids = Array.from({ length: 200 }, (_, index) => `c${index}`)
    for (const [index, id] of ids.entries())
      await (index % 2 ? here : there).store.write('armTimer', given.timer(id, 1_000 + index * 10))
    await given.clock.advance(10_000)
    const all = [...one.served, ...other.served].map(([id]) => id)
    expect(all.toSorted()).toEqual(ids.toSorted())
  })

  it('[TIM2] another one serves what was set by a node that is gone', async () => {
    await using given = await world()
    const { served, serve } = given.noting()
    const here = given.node(given.noting().serve)
    await using _ = given.node(serve)
    await here.store.write('armTimer', given.timer('left', 5_000))
    await given.clock.advance(1_000)
    await here.timers[Symbol.asyncDispose]()
    await given.clock.advance(4_000)
    expect(served).toEqual([['left', 5_000]])
  })

  it('[TIM2] another one serves what a node died over, 30 seconds later', async () => {
    await using given = await world()
    const { promise: dying, resolve } = Promise.withResolvers<undefined>()
    let asked = 0
    const here = given.node(() => {
      asked += 1
      return dying
    })
    await here.store.write('armTimer', given.timer('x', 1_000))
    await given.clock.advance(1_000)
    expect(asked).toBe(1)
    const { served, serve } = given.noting()
    await using _ = given.node(serve)
    await given.clock.advance(29_999)
    expect(served).toEqual([])
    await given.clock.advance(1)
    expect(served).toEqual([['x', 31_000]])
    resolve(undefined)
    await here.timers[Symbol.asyncDispose]()
  })
})
