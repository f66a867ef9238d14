/** A file: pictures are shown in a box whose size does not change, others are offered. [WIN22] */
import { useEffect, useState } from 'preact/hooks'
import type { Download } from '../model/files.ts'
import { plainName } from '../text/links.ts'
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

export const SharedFile = ({ file, dialogId }: { file: Given; dialogId: string }) => {
  const { messenger, speech } = useSurroundings()
  const [found, setFound] = useState<Download | 'gone' | undefined>()
  const path = textIn(file['relativePath'])
  const name = nameIn(file)
  const isPicture = PICTURES.has(textIn(file['fileType']).toUpperCase())
  const preview = textIn(file['preview'])
  const fetchIt = async () => {
    try {
      const fetched = await messenger.fetchFile(path, dialogId)
      setFound(fetched)
      return fetched
    } catch {
      // Refused, or lost with the connection; another click asks again.
      setFound('gone')
      return undefined
    }
  }
  useEffect(() => {
    if (isPicture) void fetchIt()
  }, [path])
  const saveIt = async () => {
    const fetched = typeof found === 'object' ? found : await fetchIt()
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
