/** German: what is kept while the server is away, and what comes with it. */
import type { enKept } from './en-kept.ts'

export const deKept: Readonly<Record<keyof typeof enKept, string>> = {
  'link.since': 'Offline seit {time}',
  'draft.other': 'Ein anderer Entwurf von {time}',
  'draft.otherNote': 'Eine andere Notiz von {time}',
  'draft.use': 'Übernehmen',
  'draft.dismiss': 'Den anderen Entwurf verwerfen',
  'version.new': 'Neue Version. Bei Gelegenheit neu laden.',
  'version.reload': 'Neu laden',
  'thread.new': 'Neu seit dem letzten Blick',
  'thread.catching': 'Wird nachgeholt (noch {count})',
}
