/** What can be shared: how each type is called, served and told from its first bytes. [FIL6] */
type Family = 'image' | 'document' | 'archive' | 'media' | 'text'

export interface FileType {
  /** In capitals; also the ending of its name. */
  readonly name: string
  /** What it is served as; never what anybody declared. */
  readonly contentType: string
  readonly family: Family
  /** Absent: it has no signature, and is believed to be what was declared. */
  readonly isSignedBy?: (bytes: Buffer) => boolean
}

const at = (bytes: Buffer, offset: number, text: string): boolean =>
  bytes.toString('latin1', offset, offset + text.length) === text

/** Bytes of an MPEG audio frame's header: sync, layer III, a bit rate that exists. */
const isAudioFrame = ([first, second = 0, third = 0]: Buffer): boolean =>
  first === 0xff && (second & 0xe6) === 0xe2 && (third & 0xf0) !== 0xf0

const OFFICE = 'application/vnd.openxmlformats-officedocument'
const isArchive = (bytes: Buffer): boolean => at(bytes, 0, 'PK\x03\x04')

/** Names of the folders in which office documents keep their content. */
export const officeFolders = { DOCX: 'word/', XLSX: 'xl/', PPTX: 'ppt/' } as const

const office = (name: keyof typeof officeFolders, kind: string): FileType => ({
  name,
  contentType: `${OFFICE}.${kind}`,
  family: 'archive',
  isSignedBy: (bytes) => isArchive(bytes) && bytes.includes(officeFolders[name]),
})

export const fileTypes: readonly FileType[] = [
  {
    name: 'JPG',
    contentType: 'image/jpeg',
    family: 'image',
    isSignedBy: (bytes) => at(bytes, 0, '\xff\xd8\xff'),
  },
  {
    name: 'PNG',
    contentType: 'image/png',
    family: 'image',
    isSignedBy: (bytes) => at(bytes, 0, '\x89PNG\r\n\x1a\n'),
  },
  {
    name: 'GIF',
    contentType: 'image/gif',
    family: 'image',
    isSignedBy: (bytes) => at(bytes, 0, 'GIF87a') || at(bytes, 0, 'GIF89a'),
  },
  {
    name: 'WEBP',
    contentType: 'image/webp',
    family: 'image',
    isSignedBy: (bytes) => at(bytes, 0, 'RIFF') && at(bytes, 8, 'WEBP'),
  },
  {
    name: 'PDF',
    contentType: 'application/pdf',
    family: 'document',
    isSignedBy: (bytes) => at(bytes, 0, '%PDF-'),
  },
  office('DOCX', 'wordprocessingml.document'),
  office('XLSX', 'spreadsheetml.sheet'),
  office('PPTX', 'presentationml.presentation'),
  {
    name: 'MP3',
    contentType: 'audio/mpeg',
    family: 'media',
    isSignedBy: (bytes) => at(bytes, 0, 'ID3') || isAudioFrame(bytes),
  },
  {
    name: 'OGG',
    contentType: 'audio/ogg',
    family: 'media',
    isSignedBy: (bytes) => at(bytes, 0, 'OggS'),
  },
  {
    name: 'WAV',
    contentType: 'audio/wav',
    family: 'media',
    isSignedBy: (bytes) => at(bytes, 0, 'RIFF') && at(bytes, 8, 'WAVE'),
  },
  {
    name: 'MP4',
    contentType: 'video/mp4',
    family: 'media',
    isSignedBy: (bytes) => at(bytes, 4, 'ftyp'),
  },
  { name: 'TXT', contentType: 'text/plain; charset=utf-8', family: 'text' },
]

/** Any image. */
const ANY_IMAGE = 'IMG'

/** Every name that an account may list and a client may declare. */
export const declarableTypes: readonly string[] = [
  ...fileTypes.map(({ name }) => name),
  'JPEG',
  ANY_IMAGE,
]

const canonical = (declared: string): string => (declared === 'JPEG' ? 'JPG' : declared)

/** `png` → `PNG`, when the account lists it; JPG and JPEG are the same. */
export const declaredType = (given: string, listed: readonly string[]): string | undefined => {
  const declared = given.trim().toUpperCase()
  const isListed = listed.some((one) => canonical(one) === canonical(declared))
  return isListed ? declared : undefined
}

/** Whether an account that lists these takes files that are of the type. */
export const isListed = ({ name, family }: FileType, listed: readonly string[]): boolean =>
  listed.some((one) => canonical(one) === name || (one === ANY_IMAGE && family === 'image'))

export const fileTypeOf = (name: string): FileType | undefined =>
  fileTypes.find((type) => type.name === name)

/** The type that the bytes say they are. */
export const signedType = (bytes: Buffer): FileType | undefined =>
  fileTypes.find(({ isSignedBy }) => isSignedBy?.(bytes))
