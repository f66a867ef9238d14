/** Addresses and names that others wrote. */
import { expect, it } from 'vitest'
import { piecesOf, plainName, safeHref, safeImage } from '../src/links.ts'

const hrefsIn = (text: string) =>
  piecesOf(text).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []))

const hostsIn = (text: string) =>
  piecesOf(text).flatMap((piece) => (piece.kind === 'link' ? [piece.host] : []))

it('[CLI22] finds addresses wherever they stand, and loses no letter around them', () => {
  const texts: readonly (readonly [string, readonly string[]])[] = [
    ['See https://a.example/x?y=1.', ['https://a.example/x?y=1']],
    ['(https://a.example)', ['https://a.example/']],
    ['„https://a.example/“ and "http://b.example"', ['https://a.example/', 'http://b.example/']],
    ['<https://a.example/>', ['https://a.example/']],
    ['www.a.example, mailto:x@a.example', ['https://www.a.example/', 'mailto:x@a.example']],
    ['tel:+4912345', ['tel:+4912345']],
    ['https://a.example/"onmouseover="x', ['https://a.example/']],
    ['no address: a.example/x, ftp://a.example, //a.example, ((', []],
  ]
  for (const [text, hrefs] of texts) {
    expect([text, hrefsIn(text)]).toEqual([text, hrefs])
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
  }
})

it('[CLI22] follows nothing that could run, deceive or hide', () => {
  const refused = [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'blob:https://a.example/1',
    'file:///etc/passwd',
    '//evil.example',
    '/path',
    'https:evil.example',
    'https://bank.example@evil.example/',
    'https://user:word@evil.example/',
    'https://a.example/\u202Egnp.exe',
    'https://a\u200B.example/',
    `https://a.example/${'x'.repeat(3000)}`,
    'https://',
    { toString: () => 'https://a.example' },
    null,
  ]
  for (const one of refused) expect([one, safeHref(one)]).toEqual([one, undefined])
  for (const one of refused) expect(hrefsIn(String(one))).not.toContain(String(one))
  expect(safeImage('http://a.example/x.png')).toBeUndefined()
  expect(safeImage('https://a.example/x.png')).toBe('https://a.example/x.png')
  // Cyrillic letters that look Latin: the host says what they are.
  expect(hostsIn('https://\u0430pple.example/')).toEqual(['xn--pple-43d.example'])
  expect(hostsIn('https://a.example/')).toEqual([undefined])
})

it('[CLI22] a name stays on its line, turns nothing around, and can be seen', () => {
  expect(plainName('  Ann\r\n Lee\u202E\u2066 ')).toBe('Ann Lee')
  expect(plainName('\u200B\u2060\u3164\u0301 ')).toBe('')
  expect(plainName('x'.repeat(100_000))).toHaveLength(80)
  for (const name of ['Zoë Ångström', '李小龍', 'علی‌رضا', '👩‍🚀'])
    expect(plainName(name)).toBe(name)
  for (const none of [undefined, null, 5, {}, []]) expect(plainName(none)).toBe('')
})

it('[CLI22] takes twice the time for twice the length, however it is made', () => {
  const shapes = [
    (n: number) => `http://${'a'.repeat(n)}`,
    (n: number) => `https://a.example/${'.'.repeat(n)}`,
    (n: number) => '('.repeat(n),
    (n: number) => 'www.'.repeat(n / 4),
    (n: number) => 'https://'.repeat(n / 8),
    (n: number) => '\u202E '.repeat(n / 2),
    (n: number) => '<"'.repeat(n / 2),
  ]
  const spent = (work: () => unknown) => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
  for (const shape of shapes) {
    const text = shape(1 << 20)
    const ms = spent(() => [piecesOf(text), plainName(text), safeHref(text)])
    // A quadratic one takes minutes for a million letters.
    expect([text.slice(0, 12), ms < 5_000]).toEqual([text.slice(0, 12), true])
  }
})
