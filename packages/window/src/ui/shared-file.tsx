/** A file: pictures are shown in a box whose size does not change, others are offered. [WIN22] */

import { plainName } from '@ringdown/client/links'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Download, Held } from '../model/files.ts'
import { useSurroundings } from './context.ts'
import { Icon } from './icons.tsx'
import { type Given, textIn } from './structured-style.ts'

const PICTURES: ReadonlySet<string> = new Set(['JPG', 'JPEG', 'PNG', 'GIF', 'IMG'])
const PREVIEW = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=]{1,200000}$/i

const nameIn = (file: Given): string => {
  const path = textIn(file['relativePath'])
  return plainName(file['caption']) || plainName(path.slice(path.lastIndexOf('/') + 1))
}

const save = (url: string, name: string) => {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}

type Found = Download | 'gone' | undefined

/** The file while this is shown; pictures are fetched at once, others when they are wanted. */
const useFile = (relativePath: string, dialogId: string, isWanted: boolean) => {
  const { files } = useSurroundings().messenger
  const [found, setFound] = useState<Found>()
  const held = useRef<Held | undefined>(undefined)
  const letGo = () => {
    held.current?.letGo()
    held.current = undefined
  }
  const fetchIt = async (): Promise<Download | undefined> => {
    held.current ??= files.hold({ relativePath, dialogId })
    const own = held.current
    try {
      const fetched = await own.coming
      if (held.current === own) setFound(fetched)
      return fetched
    } catch {
      // Refused, or lost with the connection; another click asks again.
      if (held.current !== own) return undefined
      setFound('gone')
      letGo()
      return undefined
    }
  }
  useEffect(() => {
    if (isWanted) void fetchIt()
    return letGo
  }, [relativePath])
  return { found, fetchIt }
}

export const SharedFile = ({ file, dialogId }: { file: Given; dialogId: string }) => {
  const { speech } = useSurroundings()
  const name = nameIn(file)
  const isPicture = PICTURES.has(textIn(file['fileType']).toUpperCase())
  const preview = textIn(file['preview'])
  const { found, fetchIt } = useFile(textIn(file['relativePath']), dialogId, isPicture)
  const saveIt = async () => {
    const fetched = await fetchIt()
    if (fetched) save(fetched.url, name)
  }
  const shown = typeof found === 'object' ? found.url : PREVIEW.test(preview) ? preview : undefined
  return (
    <button
      type="button"
      class={isPicture ? 'file-picture' : 'file-chip'}
      onClick={saveIt}
      aria-label={speech.say('download', { name })}
    >
      {isPicture && shown && found !== 'gone' ? (
        <img src={shown} alt={name} />
      ) : (
        <span class="file-name">
          <Icon name="file" size={24} />
          <span dir="auto">{name || speech.say('file')}</span>
        </span>
      )}
      {found === 'gone' && <span class="gone">{speech.say('fileGone')}</span>}
    </button>
  )
}
