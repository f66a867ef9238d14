/** Whichever dialog is open. */
import { route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { type SettingsSection, useOffice } from './desk-context.tsx'
import { KeysSheet } from './keys-sheet.tsx'
import { Palette } from './palette.tsx'
import { Settings } from './settings.tsx'
import { Transfer } from './transfer.tsx'

/** `settings.keys` opens the settings at their keys. */
const sectionOf = (open: string): SettingsSection =>
  (open.split('.')[1] as SettingsSection | undefined) ?? 'appearance'

export const Overlays = () => {
  const { overlay, desk } = useOffice()
  const open = useValue(overlay)
  const { conversationId } = useValue(route)
  const close = () => overlay.set(undefined)
  const conversation = conversationId === undefined ? undefined : desk.find(conversationId)
  if (open === 'palette') return <Palette close={close} />
  if (open === 'keys') return <KeysSheet close={close} />
  if (open?.startsWith('settings')) return <Settings close={close} section={sectionOf(open)} />
  if (open === 'transfer' && conversation)
    return <Transfer conversation={conversation} close={close} />
  return null
}
