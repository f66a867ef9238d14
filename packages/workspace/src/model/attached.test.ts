import { FileRefused } from '@ringdown/client'
import { describe, expect, it } from 'vitest'
import { AttachedFiles, nothingAttached } from './attached.ts'
import type { Words } from './given-back.ts'

const file = (name: string) => new File([name], name, { type: 'text/plain' })

/** Uploads end when the test says so. */
const open = () => {
  const uploads: { readonly name: string; readonly caption: string; end: (how?: Error) => void }[] =
    []
  const back: [string, Words][] = []
  let begun = Promise.withResolvers<void>()
  const files = new AttachedFiles({
    upload: ({ file: { name } }, caption) => {
      const { promise, resolve, reject } = Promise.withResolvers<object>()
      uploads.push({ name, caption, end: (how) => (how ? reject(how) : resolve({ name })) })
      begun.resolve()
      begun = Promise.withResolvers()
      return promise
    },
    giveBack: (dialogId, words) => back.push([dialogId, words]),
  })
  const namesOf = (dialogId: string) => {
    const { picked, going, problem } = files.all.get()[dialogId] ?? nothingAttached
    const names = (all: typeof picked) => all.map((one) => one.file.name)
    return { picked: names(picked), going: names(going), problem }
  }
  return { files, uploads, back, namesOf, next: () => begun.promise }
}

const words = { text: ' Like this? ', isNote: false }

describe('attached files', () => {
  it('[WSP14] go at once, and leave those alone that are picked meanwhile', async () => {
    const { files, uploads, back, namesOf, next } = open()
    files.add('d', [file('one'), file('two')])
    files.add('other', [file('elsewhere')])
    const stored = files.store('d', words)
    expect(namesOf('d')).toEqual({ picked: [], going: ['one', 'two'], problem: undefined })
    files.add('d', [file('three')])
    const second = next()
    uploads[0]?.end()
    await second
    uploads[1]?.end()
    expect(await stored).toEqual([{ name: 'one' }, { name: 'two' }])
    expect(uploads.map(({ caption }) => caption)).toEqual(['Like this?', ''])
    expect(namesOf('d')).toEqual({ picked: ['three'], going: [], problem: undefined })
    expect(namesOf('other').picked).toEqual(['elsewhere'])
    expect(back).toEqual([])
  })

  it('[WSP14] that are not stored come back before the others, with their words and the reason', async () => {
    const { files, uploads, back, namesOf } = open()
    files.add('d', [file('one')])
    const stored = files.store('d', words)
    files.add('d', [file('two')])
    uploads[0]?.end(new FileRefused(413))
    expect(await stored).toBeUndefined()
    expect(namesOf('d')).toEqual({ picked: ['one', 'two'], going: [], problem: 'tooLarge' })
    expect(back).toEqual([['d', words]])
    files.remove('d', files.all.get()['d']?.picked[0]?.key ?? '')
    expect(namesOf('d')).toEqual({ picked: ['two'], going: [], problem: undefined })
  })

  it('[WSP14] on their way when the page is left come back once, and are shared no more', async () => {
    const { files, uploads, back, namesOf } = open()
    files.add('d', [file('one')])
    const stored = files.store('d', words)
    files.giveUp()
    expect(namesOf('d')).toEqual({ picked: ['one'], going: [], problem: undefined })
    files.giveUp()
    uploads[0]?.end()
    expect(await stored).toBeUndefined()
    expect(back).toEqual([['d', words]])
    expect(namesOf('d').picked).toEqual(['one'])
  })
})
