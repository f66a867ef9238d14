/** Text as text; what looks like an address of the web can be opened, and says where it leads. [WSP16] */
import { piecesOf } from '@ringdown/client/links'

export const LinkedText = ({ text }: { text: string }) => (
  <p className="break-words whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
    {piecesOf(text).map((piece, index) =>
      piece.kind === 'text' ? (
        piece.text
      ) : (
        <a
          key={index}
          href={piece.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          title={piece.href}
          className="underline underline-offset-2"
        >
          {piece.text}
          {piece.host !== undefined && <bdi className="text-dim"> ({piece.host})</bdi>}
        </a>
      ),
    )}
  </p>
)
