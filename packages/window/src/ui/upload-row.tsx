/** A file on its way: how far it is, and what can be done about it. [WIN37] */
import type { Conversation, Upload } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { Icon } from './icons.tsx'

const words = { tooLarge: 'fileTooLarge', refused: 'fileRefused', failed: 'failed' } as const

interface UploadRowProps {
  readonly conversation: Conversation
  readonly upload: Upload
}

const OnItsWay = ({ conversation, upload }: UploadRowProps) => {
  const { messenger, speech } = useSurroundings()
  const { id, file, share } = upload
  const { name } = file
  return (
    <div class="upload">
      <Icon name="file" size={16} />
      <span class="upload-name" dir="auto" role="status">
        {speech.say('uploading', { name })}
      </span>
      <button
        type="button"
        aria-label={speech.say('cancelUpload', { name })}
        onClick={() => messenger.files.drop(conversation, id)}
      >
        {speech.say('cancel')}
      </button>
      <progress value={share} max={1} aria-label={speech.say('uploading', { name })} />
    </div>
  )
}

export const UploadRow = ({ conversation, upload }: UploadRowProps) => {
  const { messenger, speech } = useSurroundings()
  const { id, file, state } = upload
  if (state === 'sending') return <OnItsWay conversation={conversation} upload={upload} />
  return (
    <div class="upload wrong">
      <Icon name="warn" size={16} />
      <span class="upload-name" dir="auto" role="status">
        {`${file.name}: ${speech.say(words[state])}`}
      </span>
      <div class="ways">
        {state === 'failed' && (
          <button type="button" onClick={() => messenger.files.again(conversation, upload)}>
            {speech.say('retry')}
          </button>
        )}
        <button type="button" onClick={() => messenger.files.drop(conversation, id)}>
          {speech.say('discard')}
        </button>
      </div>
    </div>
  )
}
