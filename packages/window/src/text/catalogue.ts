/** All that the window says, in each language. */
export const en = {
  title: 'Messages',
  openWindow: 'Open messages',
  closeWindow: 'Close messages',
  greeting: 'How can we help?',
  greetingMore: 'Write to us here. You can close this page and come back: your conversations stay.',
  newConversation: 'New conversation',
  conversations: 'Your conversations',
  noConversations: 'Nothing here yet. Your conversations with us will stand here.',
  back: 'Back to your conversations',
  more: 'More',
  endConversation: 'End conversation',
  endQuestion: 'End this conversation?',
  endYes: 'End it',
  endNo: 'Keep it open',
  composer: 'Write a message',
  send: 'Send',
  attach: 'Add a file',
  dropHere: 'Drop the file to send it',
  sending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
  retry: 'Try again',
  discard: 'Discard',
  you: 'You',
  agent: 'Agent',
  system: 'Automatic message',
  isTyping: '{name} is writing',
  waiting: 'Waiting for someone to answer',
  waitingMore: 'You can go on writing. We will see it all.',
  waitingUntil: 'We aim to answer by {time}.',
  openUntil: 'We are here today until {time}.',
  backToday: 'We are back today at {time}.',
  backTomorrow: 'We are back tomorrow at {time}.',
  backOn: 'We are back on {day} at {time}.',
  away: 'We are away at the moment.',
  awayMore: 'You can write now. We will read it when we are back.',
  joined: '{name} joined',
  ended: 'This conversation has ended',
  startAgain: 'Start a new conversation',
  survey: 'Survey',
  newMessages: 'New',
  jumpToLatest: 'Go to the latest message',
  offline: 'No connection',
  offlineMore: 'Trying again in {seconds} s',
  connecting: 'Connecting',
  retryNow: 'Try now',
  loading: 'Loading messages',
  emptyThread: 'Say hello. Someone will answer here.',
  unread: '{count} unread',
  today: 'Today',
  yesterday: 'Yesterday',
  file: 'File',
  picture: 'Picture',
  download: 'Download {name}',
  uploading: 'Sending {name}',
  cancel: 'Cancel',
  cancelUpload: 'Cancel sending {name}',
  fileTooLarge: 'This file is too large.',
  fileRefused: 'This type of file is not taken.',
  fileGone: 'This file is not available.',
  quickReplies: 'Suggested answers',
  card: 'Card',
  map: 'Show on the map',
  opensNew: 'opens in a new tab',
  submit: 'Send choice',
  slide: '{number} of {count}',
  unknownContent: 'This message cannot be shown here.',
  csatTitle: 'How was it?',
  csatScale: 'Your rating',
  csat1: 'Very bad',
  csat2: 'Bad',
  csat3: 'So-so',
  csat4: 'Good',
  csat5: 'Very good',
  csatSolved: 'Was your question answered?',
  yes: 'Yes',
  no: 'No',
  csatSend: 'Send rating',
  csatSkip: 'Skip',
  csatThanks: 'Thank you for your rating.',
  preChatTitle: 'Before we begin',
  preChatSend: 'Start',
  required: 'Please fill this in.',
  choose: 'Choose …',
  refused: 'This did not work: {reason}',
  identityLost: 'We could not recognise you. Reload the page and log in again.',
} as const

export type Word = keyof typeof en
export type Catalogue = Readonly<Record<Word, string>>

const de: Catalogue = {
  title: 'Nachrichten',
  openWindow: 'Nachrichten öffnen',
  closeWindow: 'Nachrichten schließen',
  greeting: 'Wie können wir helfen?',
  greetingMore:
    'Schreiben Sie uns hier. Sie können die Seite schließen und wiederkommen: Ihre Gespräche bleiben.',
  newConversation: 'Neues Gespräch',
  conversations: 'Ihre Gespräche',
  noConversations: 'Noch ist hier nichts. Ihre Gespräche mit uns werden hier stehen.',
  back: 'Zurück zu Ihren Gesprächen',
  more: 'Mehr',
  endConversation: 'Gespräch beenden',
  endQuestion: 'Dieses Gespräch beenden?',
  endYes: 'Beenden',
  endNo: 'Offen lassen',
  composer: 'Nachricht schreiben',
  send: 'Senden',
  attach: 'Datei anhängen',
  dropHere: 'Datei hier ablegen, um sie zu senden',
  sending: 'Wird gesendet',
  sent: 'Gesendet',
  delivered: 'Zugestellt',
  read: 'Gelesen',
  failed: 'Nicht gesendet',
  retry: 'Erneut versuchen',
  discard: 'Verwerfen',
  you: 'Sie',
  agent: 'Service',
  system: 'Automatische Nachricht',
  isTyping: '{name} schreibt',
  waiting: 'Gleich antwortet Ihnen jemand',
  waitingMore: 'Sie können weiterschreiben. Wir sehen alles.',
  waitingUntil: 'Wir möchten bis {time} Uhr antworten.',
  openUntil: 'Wir sind heute bis {time} Uhr da.',
  backToday: 'Wir sind heute um {time} Uhr wieder da.',
  backTomorrow: 'Wir sind morgen um {time} Uhr wieder da.',
  backOn: 'Wir sind am {day} um {time} Uhr wieder da.',
  away: 'Wir sind gerade nicht da.',
  awayMore: 'Schreiben Sie ruhig jetzt. Wir lesen es, sobald wir wieder da sind.',
  joined: '{name} ist dabei',
  ended: 'Dieses Gespräch ist beendet',
  startAgain: 'Neues Gespräch beginnen',
  survey: 'Umfrage',
  newMessages: 'Neu',
  jumpToLatest: 'Zur neuesten Nachricht',
  offline: 'Keine Verbindung',
  offlineMore: 'Nächster Versuch in {seconds} s',
  connecting: 'Verbindung wird aufgebaut',
  retryNow: 'Jetzt versuchen',
  loading: 'Nachrichten werden geladen',
  emptyThread: 'Schreiben Sie uns. Jemand antwortet Ihnen hier.',
  unread: '{count} ungelesen',
  today: 'Heute',
  yesterday: 'Gestern',
  file: 'Datei',
  picture: 'Bild',
  download: '{name} herunterladen',
  uploading: '{name} wird gesendet',
  cancel: 'Abbrechen',
  cancelUpload: 'Senden von {name} abbrechen',
  fileTooLarge: 'Diese Datei ist zu groß.',
  fileRefused: 'Dieser Dateityp wird nicht angenommen.',
  fileGone: 'Diese Datei ist nicht verfügbar.',
  quickReplies: 'Antwortvorschläge',
  card: 'Karte',
  map: 'Auf der Karte zeigen',
  opensNew: 'öffnet einen neuen Tab',
  submit: 'Auswahl senden',
  slide: '{number} von {count}',
  unknownContent: 'Diese Nachricht kann hier nicht gezeigt werden.',
  csatTitle: 'Wie war es?',
  csatScale: 'Ihre Bewertung',
  csat1: 'Sehr schlecht',
  csat2: 'Schlecht',
  csat3: 'Geht so',
  csat4: 'Gut',
  csat5: 'Sehr gut',
  csatSolved: 'Wurde Ihre Frage beantwortet?',
  yes: 'Ja',
  no: 'Nein',
  csatSend: 'Bewertung senden',
  csatSkip: 'Überspringen',
  csatThanks: 'Danke für Ihre Bewertung.',
  preChatTitle: 'Bevor wir beginnen',
  preChatSend: 'Beginnen',
  required: 'Bitte ausfüllen.',
  choose: 'Bitte wählen …',
  refused: 'Das hat nicht geklappt: {reason}',
  identityLost:
    'Wir konnten Sie nicht erkennen. Laden Sie die Seite neu und melden Sie sich wieder an.',
}

const catalogues: Readonly<Record<string, Catalogue>> = { en, de }
const fromRightToLeft = /^(ar|he|fa|ur|yi|ps|sd|ckb|dv|xx-pseudo-rtl)\b/i

export type Say = (word: Word, values?: Readonly<Record<string, string | number>>) => string

export interface Speech {
  readonly say: Say
  /** For dates and numbers. */
  readonly locale: string
  /** What the page is written in. */
  readonly language: string
  readonly dir: 'ltr' | 'rtl'
}

const primaryOf = (language: string) => language.toLowerCase().split('-', 1)[0] as string

/** `catalogue` replaces the words of the language. */
export const speechIn = (wanted: string, catalogue?: Catalogue): Speech => {
  const primary = primaryOf(wanted)
  const words = catalogue ?? catalogues[primary] ?? en
  const isKnown = primary in catalogues
  return {
    say: (word, values = {}) =>
      words[word].replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole)),
    locale: isKnown ? wanted : 'en',
    language: isKnown ? primary : 'en',
    dir: fromRightToLeft.test(wanted) ? 'rtl' : 'ltr',
  }
}

/** `xx-pseudo` and `xx-pseudo-rtl` are for tests; whoever does not ask for them does not load them. */
export const loadSpeech = async (wanted: string): Promise<Speech> => {
  if (!/^xx-pseudo\b/i.test(wanted)) return speechIn(wanted)
  const { pseudoCatalogue } = await import('./pseudo.ts')
  return speechIn(wanted, pseudoCatalogue)
}
