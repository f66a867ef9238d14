import { piecesOf } from '@ringdown/client/links'
import { useSurroundings } from './context.ts'

/** A text as it was written, with what is surely an address made a link. [WIN30] */
export const Text = ({ text }: { text: string }) => {
  const { say } = useSurroundings().speech
  return (
    <>
      {piecesOf(text).map((piece) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a
            href={piece.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            title={piece.href}
          >
            {piece.text}
            {piece.host && <span class="host"> ({piece.host})</span>}
            <span class="unseen"> ({say('opensNew')})</span>
          </a>
        ),
      )}
    </>
  )
}
