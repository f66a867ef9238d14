/** Files that go with the next message, shown before they go. [WSP14] */
import { pickableFiles } from '@ringdown/client'
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { drop, type Picked, pick, upload } from '../model/uploads.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { Icon } from './icons.tsx'

const MOST_FILES = 10
const KIB = 1024

export const useAttachments = () => {
  const { client } = useDesk()
  const [picked, setPicked] = useState<readonly Picked[]>([])
  const [isBusy, setBusy] = useState(false)
  const kept = useRef(picked)
  kept.current = picked
  useEffect(() => () => kept.current.forEach(drop), [])
  const remove = (key: string) =>
    setPicked((before) => {
      for (const one of before) if (one.key === key) drop(one)
      return before.filter((one) => one.key !== key)
    })
  return {
    picked,
    isBusy,
    remove,
    add: (files: Iterable<File>): void =>
      setPicked((before) => [...before, ...[...files].map(pick)].slice(0, MOST_FILES)),
    choose: (add: (files: Iterable<File>) => void) => {
      const input = document.createElement('input')
      input.type = 'file'
      input.multiple = true
      input.accept = pickableFiles
      input.addEventListener('change', () => add(input.files ?? []))
      input.click()
    },
    /** Stores them all; the words go with the first. */
    upload: async (caption: string): Promise<readonly object[]> => {
      setBusy(true)
      try {
        const events: object[] = []
        for (const one of picked)
          events.push(await upload(client, one, events.length === 0 ? caption : ''))
        for (const one of picked) drop(one)
        setPicked([])
        return events
      } finally {
        setBusy(false)
      }
    },
  }
}

type Attachments = ReturnType<typeof useAttachments>

export const AttachmentChips = ({ attachments }: { attachments: Attachments }) => {
  const say = useText()
  if (attachments.picked.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-2">
      {attachments.picked.map(({ key, file, previewUrl }) => (
        <li
          key={key}
          className="flex items-center gap-2 rounded-lg border border-line bg-panel p-1 text-sm"
        >
          {previewUrl === undefined ? (
            <span className="inline-flex size-10 items-center justify-center text-dim">
              <Icon name="file" />
            </span>
          ) : (
            <img src={previewUrl} alt="" className="size-10 rounded-md object-cover" />
          )}
          <span className="max-w-40 min-w-0">
            <span className="block truncate">{file.name}</span>
            <span className="block text-xs text-dim tabular-nums">
              {Math.max(1, Math.round(file.size / KIB))} KiB
            </span>
          </span>
          <button
            type="button"
            aria-label={say('composer.remove', { name: file.name })}
            onClick={() => attachments.remove(key)}
            className="inline-flex size-7 items-center justify-center rounded-md text-dim hover:bg-hover"
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files')

export const DropZone = (props: { add: (files: Iterable<File>) => void; children: ReactNode }) => {
  const say = useText()
  const [isOver, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the button beside the text does the same by keys
    <div
      className="relative"
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(false)
        props.add(event.dataTransfer.files)
      }}
    >
      {props.children}
      {isOver && (
        <p className="pointer-events-none absolute inset-2 flex items-center justify-center rounded-xl border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-ink">
          {say('composer.drop')}
        </p>
      )}
    </div>
  )
}
