import { Refusal } from '@ringdown/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { png, pngChunk } from '../../../test/file-world.ts'
import { declaredType } from '../file-types.ts'
import { inspect } from './inspect.ts'

const everything = ['IMG', 'TXT', 'PDF', 'DOCX', 'XLSX', 'PPTX', 'MP3', 'OGG', 'WAV', 'MP4']

const judge = (bytes: Buffer, declared = 'PNG', listed: readonly string[] = everything) => {
  const { type, pieces } = inspect(bytes, { declared, listed })
  return { type: type.name, bytes: Buffer.concat(pieces) }
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

/** A segment of a JPEG, its length worked out. */
const segment = (code: number, data: Buffer): Buffer => {
  const head = Buffer.from([0xff, code, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

const frame = (width: number, height: number, code = 0xc0): Buffer => {
  const data = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0])
  data.writeUInt16BE(height, 1)
  data.writeUInt16BE(width, 3)
  return segment(code, data)
}

const START = Buffer.from([0xff, 0xd8])
const END = Buffer.from([0xff, 0xd9])
/** Coded picture with a stuffed byte and a restart inside. */
const scan = Buffer.concat([
  segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
  Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
])
const tables = segment(0xdb, Buffer.alloc(65))

/** Notes with orientation 6 and a place: 52° north. */
const exif = (order: 'II' | 'MM'): Buffer => {
  const tiff = Buffer.alloc(80)
  const isLittle = order === 'II'
  const short = (value: number, at: number) =>
    isLittle ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const long = (value: number, at: number) =>
    isLittle ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  tiff.write(order, 0, 'latin1')
  short(42, 2)
  long(8, 4)
  short(2, 8)
  for (const [at, tag, type, value] of [
    [10, 0x0112, 3, 6],
    [22, 0x8825, 4, 40],
  ] as const) {
    short(tag, at)
    short(type, at + 2)
    long(1, at + 4)
    if (type === 3) short(value, at + 8)
    else long(value, at + 8)
  }
  tiff.write('GPS:52N', 60, 'latin1')
  return segment(0xe1, Buffer.concat([latin('Exif\0\0'), tiff]))
}

const jpeg = (...notes: readonly Buffer[]): Buffer =>
  Buffer.concat([START, ...notes, tables, frame(40, 30), scan, END])

const refusal = (bytes: Buffer, declared?: string): string => {
  try {
    judge(bytes, declared)
    return 'taken'
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

describe('types', () => {
  it.each([
    ['PNG', png()],
    ['JPG', jpeg()],
    ['GIF', latin('GIF89a\x01\0\x01\0\0\0\0;')],
    ['PDF', latin('%PDF-1.7\n')],
    ['MP3', latin('ID3\x04\0\0\0\0\0\0')],
    ['MP3', latin('\xff\xfb\x90\x64')],
    ['OGG', latin('OggS\0')],
    ['WAV', latin('RIFF\0\0\0\0WAVE')],
    ['MP4', latin('\0\0\0\x18ftypmp42')],
  ])('[FIL6] %s is told from its first bytes, whatever was declared', (name, bytes) => {
    for (const declared of ['PNG', 'TXT', name]) expect(judge(bytes, declared).type).toBe(name)
  })

  it('[FIL6] text is text only when it was declared so, and holds nothing else', () => {
    const text = Buffer.from('Grüße\r\n\t<b>you</b>\f')
    expect(judge(text, 'TXT')).toEqual({ type: 'TXT', bytes: text })
    expect(refusal(text, 'PNG')).toContain('no PNG')
    expect(refusal(latin('a\0b'), 'TXT')).toContain('no TXT')
    expect(refusal(latin('\x1b[31m'), 'TXT')).toContain('no TXT')
  })

  it('[FIL6] what the account does not list is refused by what it is', () => {
    expect(() => judge(jpeg(), 'PNG', ['PNG'])).toThrow('JPG is not shared here')
    expect(judge(jpeg(), 'PNG', ['PNG', 'JPEG']).type).toBe('JPG')
    expect(() => judge(latin('%PDF-1.7'), 'PNG', ['IMG'])).toThrow('PDF')
  })

  it('[FIL1] declared names are read in any case; JPG and JPEG are the same', () => {
    expect(declaredType(' jpeg ', ['JPG'])).toBe('JPEG')
    expect(declaredType('jpg', ['JPEG'])).toBe('JPG')
    expect(declaredType('img', ['IMG'])).toBe('IMG')
    expect(declaredType('png', ['JPG'])).toBeUndefined()
    expect(declaredType('../x', ['JPG'])).toBeUndefined()
  })
})

describe('notes in pictures', () => {
  it.each(['II', 'MM'] as const)(
    '[FIL9] F12 a JPEG (%s) loses its place, not its orientation',
    (order) => {
      const { bytes } = judge(jpeg(exif(order)))
      expect(bytes.includes('GPS:52N')).toBe(false)
      const note = bytes.subarray(2, 2 + 36)
      expect(note.subarray(0, 4)).toEqual(Buffer.from([0xff, 0xe1, 0, 34]))
      expect(note.toString('latin1', 4, 10)).toBe('Exif\0\0')
      // One entry: orientation, short, once, 6.
      expect(note.readUInt16BE(18)).toBe(1)
      expect([note.readUInt16BE(20), note.readUInt16BE(28)]).toEqual([0x0112, 6])
      // Judged again it stays as it is.
      expect(judge(bytes).bytes.equals(bytes)).toBe(true)
    },
  )

  it('[FIL9] a JPEG keeps its picture byte for byte and loses every other note', () => {
    const profile = segment(0xe2, latin('ICC_PROFILE\0\x01\x01data'))
    const notes = [
      segment(0xe1, latin('http://ns.adobe.com/xap/1.0/\0<x GPSLatitude="52N"/>')),
      segment(0xe2, latin('MPF\0MM\0*')),
      segment(0xed, latin('Photoshop 3.0\x008BIM')),
      segment(0xfe, latin('by Ann')),
    ]
    const { bytes } = judge(jpeg(profile, ...notes))
    expect(bytes.equals(jpeg(profile))).toBe(true)
  })

  it('[FIL9] what follows the end of a picture goes: a second picture, an archive', () => {
    const more = Buffer.concat([jpeg(exif('MM')), latin('PK\x03\x04')])
    expect(judge(Buffer.concat([jpeg(), more])).bytes.equals(jpeg())).toBe(true)
    expect(judge(Buffer.concat([png(), more])).bytes.equals(png())).toBe(true)
    const gif = latin('GIF89a\x01\0\x01\0\0\0\0;')
    expect(judge(Buffer.concat([gif, more])).bytes.equals(gif)).toBe(true)
  })

  it('[FIL9] a progressive JPEG keeps all its scans', () => {
    const scans = [scan, segment(0xc4, Buffer.alloc(20)), scan]
    const whole = Buffer.concat([START, tables, frame(9, 9, 0xc2), ...scans, END])
    expect(judge(whole).bytes.equals(whole)).toBe(true)
  })

  it('[FIL9] a PNG loses its notes', () => {
    const notes = ['eXIf', 'tEXt', 'zTXt', 'iTXt'].map((name) => pngChunk(name, latin('GPS:52N')))
    const kept = pngChunk('gAMA', Buffer.alloc(4))
    expect(judge(png(4, 4, [kept, ...notes])).bytes.equals(png(4, 4, [kept]))).toBe(true)
  })

  it('[FIL9] a WebP loses its notes and says no more that it has some', () => {
    const chunk = (name: string, data: Buffer) => {
      const head = Buffer.alloc(8)
      head.write(name, 'latin1')
      head.writeUInt32LE(data.length, 4)
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
    }
    const webp = (flags: number, ...chunks: readonly Buffer[]) => {
      const header = Buffer.from([flags, 0, 0, 0, 9, 0, 0, 9, 0, 0])
      const body = Buffer.concat([latin('WEBP'), chunk('VP8X', header), ...chunks])
      return chunk('RIFF', body)
    }
    const picture = chunk('VP8L', Buffer.from([0x2f, 9, 0x40, 2, 0, 7]))
    const noted = webp(0x1c, picture, chunk('EXIF', latin('GPS')), chunk('XMP ', latin('GPS:')))
    const { type, bytes } = judge(noted)
    expect(type).toBe('WEBP')
    expect(bytes.equals(webp(0x10, picture))).toBe(true)
    const flood = chunk('VP8X', Buffer.from([0, 0, 0, 0, 0x4f, 0xc3, 0, 0x4f, 0xc3, 0]))
    const riff = Buffer.concat([latin('WEBP'), flood])
    expect(refusal(chunk('RIFF', riff))).toContain('pixels')
  })
})

describe('sizes told by headers', () => {
  it('[FIL8] F05 floods of pixels are refused, in every format', () => {
    const sides = Buffer.from([0x50, 0xc3, 0x50, 0xc3]).toString('latin1')
    const floods = [
      png(50_000, 50_000),
      Buffer.concat([START, tables, frame(50_000, 50_000), scan, END]),
      latin(`GIF89a${sides}\0\0\0;`),
      latin(`GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0${sides}\0\x02\0;`),
    ]
    for (const flood of floods) expect(refusal(flood)).toContain('pixels')
    expect(refusal(png(7000, 7000))).toBe('taken')
  })

  interface Entry {
    readonly name: string
    readonly packed?: number
    readonly unpacked?: number
  }

  /** An archive as its table of contents describes it. */
  const archive = (entries: readonly Entry[], size = 1000): Buffer => {
    const table = Buffer.concat(
      entries.map(({ name, packed = 10, unpacked = 10 }) => {
        const entry = Buffer.alloc(46 + name.length)
        entry.writeUInt32LE(0x02014b50, 0)
        entry.writeUInt32LE(packed, 20)
        entry.writeUInt32LE(unpacked, 24)
        entry.writeUInt16LE(name.length, 28)
        entry.write(name, 46, 'latin1')
        return entry
      }),
    )
    const content = Buffer.concat([latin('PK\x03\x04'), Buffer.alloc(size)])
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(entries.length, 10)
    end.writeUInt32LE(content.length, 16)
    return Buffer.concat([content, table, end])
  }
  const document = { name: 'word/document.xml' }

  it('[FIL8] office documents are told by their folders and kept as they are', () => {
    const good = archive([{ name: '[Content_Types].xml' }, document])
    expect(judge(good, 'DOCX')).toEqual({ type: 'DOCX', bytes: good })
    expect(judge(archive([{ name: 'xl/workbook.xml' }]), 'DOCX').type).toBe('XLSX')
    expect(judge(archive([{ name: 'ppt/presentation.xml' }]), 'DOCX').type).toBe('PPTX')
    expect(refusal(archive([{ name: 'readme.md' }]), 'DOCX')).toContain('no DOCX')
  })

  it.each([
    ['unpacks to too much', [document, { name: 'a', unpacked: 0xfffffff0 }]],
    ['unpacks to too much', [document, { name: 'a', unpacked: 200_000 }]],
    ['unpacks to too much', [document, { name: 'a', packed: 900 }, { name: 'b', packed: 900 }]],
    ['too large', [document, { name: 'a', packed: 0xffffffff }]],
    ['holds another archive', [document, { name: 'word/inner.ZIP' }]],
    ['too many entries', Array.from({ length: 10_001 }, () => document)],
  ])('[FIL8] F05 an archive that %s is refused', (problem, entries) => {
    expect(refusal(archive(entries), 'DOCX')).toContain(problem)
  })

  it('[FIL8] whatever the bytes are, they are taken or refused, in no time', () => {
    const starts = [
      png(),
      jpeg(exif('II')),
      archive([document]),
      latin('GIF89a\x01\0\x01\0\x80\0\0'),
      latin('RIFF\0\0\0\0WEBPVP8X'),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...starts),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(200),
        (start, noise, at) => {
          const bytes = Buffer.concat([start.subarray(0, at), noise, start.subarray(at)])
          if (bytes.length > 0) expect(typeof refusal(bytes, 'DOCX')).toBe('string')
        },
      ),
      { numRuns: 3000 },
    )
  })
})
