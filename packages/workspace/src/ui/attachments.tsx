/** Files that go with the next message, shown before they go. [WSP14] */
import { pickableFiles } from '@ringdown/client'
import { type DragEvent, type ReactNode, useState } from 'react'
import { nothingAttached } from '../model/attached.ts'
import type { Words } from '../model/given-back.ts'
import type { Picked } from '../model/uploads.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useOffice } from './desk-context.tsx'
import { Icon } from './icons.tsx'

const KIB = 1024

const choose = (add: (files: Iterable<File>) => void): void => {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = pickableFiles
  input.addEventListener('change', () => add(input.files ?? []))
  input.click()
}

export const useAttachments = (dialogId: string) => {
  const { files } = useOffice()
  const { picked, going, problem } = useValue(files.all)[dialogId] ?? nothingAttached
  return {
    picked,
    going,
    problem,
    isBusy: going.length > 0,
    choose,
    add: (added: Iterable<File>) => files.add(dialogId, added),
    remove: (key: string) => files.remove(dialogId, key),
    store: (words: Words) => files.store(dialogId, words),
  }
}

type Attachments = ReturnType<typeof useAttachments>

const Chip = ({ one, remove }: { one: Picked; remove: (() => void) | undefined }) => {
  const say = useText()
  const { file, previewUrl } = one
  return (
    <li
      className={`flex items-center gap-2 rounded-lg border border-line bg-panel p-1 text-sm ${remove ? '' : 'opacity-60'}`}
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
      {remove && (
        <button
          type="button"
          aria-label={say('composer.remove', { name: file.name })}
          onClick={remove}
          className="inline-flex size-7 items-center justify-center rounded-md text-dim hover:bg-hover"
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </li>
  )
}

/** What goes is shown until it is in the thread. */
export const AttachmentChips = ({ attachments }: { attachments: Attachments }) => {
  const { picked, going, remove } = attachments
  if (picked.length + going.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-2">
      {going.map((one) => (
        <Chip key={one.key} one={one} remove={undefined} />
      ))}
      {picked.map((one) => (
        <Chip key={one.key} one={one} remove={() => remove(one.key)} />
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
