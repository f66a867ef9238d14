/** A file in a thread: pictures are shown, everything can be downloaded. [WSP14] */
import { fileUrl } from '@ringdown/client'
import { useEffect, useState } from 'react'
import { useText } from '../text/language.ts'
import { reasonOf, toast, useDesk, useOffice } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { LinkedText } from './linked-text.tsx'

interface FileOnWire {
  readonly caption?: unknown
  readonly relativePath?: unknown
  readonly fileType?: unknown
}

const pictures = new Set(['JPEG', 'JPG', 'PNG', 'GIF', 'IMG'])
const RETRY_MS = 1_500
const ATTEMPTS = 5
const LAST_ATTEMPT = ATTEMPTS - 1

/**
 * Of a picture; none for an empty path. Bytes may come a moment after the message that names them, and
 * an address may have ended when the picture comes into view: `failed` asks for another one, once, since a
 * picture that is broken itself fails each time.
 */
const usePictureUrl = (dialogId: string, path: string) => {
  const { client } = useDesk()
  const [url, setUrl] = useState<string>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (path === '' || attempt >= ATTEMPTS) return
    let timer: ReturnType<typeof setTimeout> | undefined
    fileUrl(client, '', { relativePath: path, dialogId })
      .then(setUrl)
      .catch(() => {
        timer = setTimeout(() => setAttempt((before) => before + 1), RETRY_MS)
      })
    return () => clearTimeout(timer)
  }, [client, dialogId, path, attempt])
  const failed = () => {
    setUrl(undefined)
    setAttempt((before) => Math.max(before + 1, LAST_ATTEMPT))
  }
  return { url, failed }
}

export const SharedFile = ({ file, dialogId }: { file: unknown; dialogId: string }) => {
  const say = useText()
  const office = useOffice()
  const { client } = office.desk
  const { caption, relativePath, fileType } = (file ?? {}) as FileOnWire
  const path = typeof relativePath === 'string' ? relativePath : ''
  const type = typeof fileType === 'string' ? fileType.toUpperCase() : ''
  const isPicture = pictures.has(type)
  const shown = usePictureUrl(dialogId, isPicture ? path : '')
  const words = typeof caption === 'string' ? caption : ''
  const download = async () => {
    // The address that is shown may have ended by now.
    const address = await fileUrl(client, '', { relativePath: path, dialogId })
    const link = document.createElement('a')
    link.href = address
    link.download = ''
    link.click()
  }
  const failed = (error: unknown) =>
    void toast(office, say('file.failed', { reason: reasonOf(error) }), { isBad: true })
  return (
    <div className="space-y-2">
      {isPicture && (
        <span className="flex h-48 w-64 max-w-full items-center justify-center overflow-hidden rounded-lg bg-hover text-dim">
          {shown.url === undefined ? (
            <Icon name="file" size={32} />
          ) : (
            <img
              src={shown.url}
              alt={words || say('file.image')}
              className="size-full object-contain"
              loading="lazy"
              onError={shown.failed}
            />
          )}
        </span>
      )}
      <button
        type="button"
        onClick={() => void download().catch(failed)}
        className="flex items-center gap-2 rounded text-sm font-medium underline underline-offset-2"
      >
        <Icon name="file" size={16} />
        {say('file.open')} {type}
      </button>
      {words !== '' && <LinkedText text={words} />}
    </div>
  )
}
