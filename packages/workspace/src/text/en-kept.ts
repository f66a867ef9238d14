/** English: what is kept while the server is away, and what comes with it. */
export const enKept = {
  'link.since': 'Offline since {time}',
  'draft.other': 'Another draft from {time}',
  'draft.otherNote': 'Another note from {time}',
  'draft.use': 'Use it',
  'draft.dismiss': 'Dismiss the other draft',
  'version.new': 'New version. Reload when convenient.',
  'version.reload': 'Reload',
  'thread.new': 'New since you last looked',
  'thread.catching': 'Catching up ({count} to come)',
} as const
