/** Text as text; what looks like an address of the web can be opened, and nothing else. [WSP16] */
const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}])/g

export const LinkedText = ({ text }: { text: string }) => (
  <p className="break-words whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
    {text.split(ADDRESS).map((part, index) =>
      index % 2 === 1 ? (
        <a
          key={index}
          href={part}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="underline underline-offset-2"
        >
          {part}
        </a>
      ) : (
        part
      ),
    )}
  </p>
)
