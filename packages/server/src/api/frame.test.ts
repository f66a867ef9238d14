import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BadFrame, Frame } from './frame.ts'
import { readFrame } from './frame.ts'

const read = (text: string) => readFrame(text, 'consumer', { requestIdLength: 256 })
const refused = (text: string) => {
  const frame = read(text)
  if (!('refusal' in frame)) throw new Error(`${text} was read`)
  return [frame.isMalformed, frame.reqId, frame.refusal.code]
}

describe('a frame', () => {
  it.each(['', ' ', '{', '[]', 'null', '1', '"x"', '{"a":1}}', '\ufeff{}', '{"a":\u0001}'])(
    '[FRM13] %j is not an object',
    (text) => {
      expect(refused(text)).toEqual([true, '', 'bad_request'])
    },
  )

  it.each([
    ['{"type":"no.such"}', [false, '', 'unknown_request_type']],
    ['{"id":"a","type":"no.such"}', [false, 'a', 'unknown_request_type']],
    ['{"id":"a"}', [false, 'a', 'bad_request']],
    ['{"id":7,"type":""}', [false, '7', 'bad_request']],
    [`{"id":"${'x'.repeat(257)}","type":"GetClock"}`, [false, '', 'bad_request']],
    ['{"id":"a","type":"GetClock","body":"\\udc00"}', [false, 'a', 'bad_request']],
  ])('[FRM3] [FRM14] %s is refused', (text, expected) => {
    expect(refused(text)).toEqual(expected)
  })

  it('[FRM1] a type is all that it needs', () => {
    expect(read('{"type":"GetClock"}')).toMatchObject({ reqId: '', method: 'getClock' })
    expect(read(' {"body":null,"type":".GetClock","kind":"req","id":3} ')).toMatchObject({
      reqId: '3',
      method: 'getClock',
    })
  })

  it('[FRM13] never throws, and is read or refused whatever it is', () => {
    const check = (text: string) => {
      const frame: Frame | BadFrame = read(text)
      expect(typeof frame.reqId).toBe('string')
      expect('refusal' in frame || typeof frame.method === 'string').toBe(true)
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { seed: 1 })
    fc.assert(fc.property(fc.json({ maxDepth: 80 }), check), { seed: 1 })
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('id', 'type', 'body', 'kind', 'metadata'),
          fc.anything({ withBigInt: false }),
        ),
        (value) => {
          const text = JSON.stringify(value)
          if (text !== undefined) check(text)
        },
      ),
      { seed: 1 },
    )
  })

  it('[FRM13] depth is judged like a parser would, strings aside', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0
    const nested = fc
      .integer({ min: 55, max: 75 })
      .chain((levels) =>
        fc.tuple(fc.constant(levels), fc.constantFrom('a', '[[[{{{', '\\"[', ']]]}}}', '"')),
      )
    fc.assert(
      fc.property(nested, ([levels, text]) => {
        let body: unknown = text
        for (let level = 1; level < levels; level += 1)
          body = level % 2 ? [body, text] : { [text]: body }
        const frame = { type: 'GetClock', body }
        const isRead = !('refusal' in read(JSON.stringify(frame)))
        expect(isRead).toBe(depthOf(frame) <= 64)
      }),
      { seed: 1 },
    )
  })
})
