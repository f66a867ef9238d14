/** A dialog over the workspace; Escape and a click beside it close it. */
import type { ReactNode } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { useText } from '../text/language.ts'
import { IconButton } from './parts.tsx'

interface SheetProps {
  readonly title: string
  readonly close: () => void
  readonly children: ReactNode
  /** The palette begins with its field and needs no heading. */
  readonly isBare?: boolean
  /** For what has sections of its own. */
  readonly isWide?: boolean
}

export const Sheet = ({ title, close, children, isBare = false, isWide = false }: SheetProps) => {
  const say = useText()
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) close()
      }}
      className="fixed inset-0 z-30 flex items-start justify-center bg-scrim p-4 pt-[12vh]"
    >
      <Modal className={`w-full ${isWide ? 'max-w-190' : 'max-w-110'}`}>
        <Dialog
          aria-label={title}
          className="flex max-h-[72vh] flex-col overflow-hidden rounded-2xl bg-raised shadow-pop outline-none"
        >
          {!isBare && (
            <header className="flex h-14 shrink-0 items-center ps-5 pe-3">
              <h2 className="flex-1 text-lg font-semibold">{title}</h2>
              <IconButton icon="close" label={say('dialog.close')} onClick={close} />
            </header>
          )}
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
