import type { MarkedToken, Tokens } from 'marked';
import { useMemo, useRef } from 'preact/hooks';
import { type BlockSplitter, blockSplitter } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { Inline } from './inline.tsx';
import { TextWithSeams } from './seam.tsx';

type Props = {
  readonly text: string;
  /** More of it may come. */
  readonly isGrowing: boolean;
};

/**
 * A model's words as elements that this file names. The text is read into tokens and never into
 * markup, so there is nothing in it that could run, load or style.
 */
export function Markdown({ text, isGrowing }: Props) {
  const splitter = useRef<BlockSplitter>(undefined);
  splitter.current ??= blockSplitter();
  const blocks = splitter.current(text.replaceAll('\r\n', '\n'));
  return (
    <div class="markdown">
      {blocks.map(({ token, at }, index) => (
        <SettledBlock
          key={at}
          raw={token.raw}
          token={token}
          isGrowing={isGrowing && index === blocks.length - 1}
        />
      ))}
    </div>
  );
}

type BlockProps = {
  readonly raw: string;
  readonly token: MarkedToken;
  readonly isGrowing?: boolean;
};

/** Drawn again only when its text has changed. */
function SettledBlock({ raw, token, isGrowing = false }: BlockProps) {
  return useMemo(
    () => <Block raw={raw} token={token} isGrowing={isGrowing} />,
    [raw, token.type, isGrowing],
  );
}

function Block({ token, isGrowing = false }: BlockProps) {
  switch (token.type) {
    case 'heading': {
      // The page has its own first level.
      const Heading = token.depth === 1 ? 'h3' : token.depth === 2 ? 'h4' : 'h5';
      return (
        <Heading>
          <Inline tokens={token.tokens} />
        </Heading>
      );
    }
    case 'code':
      return <CodeBlock text={token.text} language={token.lang ?? ''} isGrowing={isGrowing} />;
    case 'blockquote':
      return (
        <blockquote>
          <Blocks tokens={token.tokens as MarkedToken[]} />
        </blockquote>
      );
    case 'list':
      return <List list={token} />;
    case 'table':
      return <Table table={token} />;
    case 'hr':
      return <hr />;
    case 'def':
    case 'space':
      return null;
    case 'html':
      return (
        <p class="as-written">
          <TextWithSeams text={token.raw.trimEnd()} />
        </p>
      );
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      );
    default:
      return <Inline tokens={[token]} />;
  }
}

function Blocks({ tokens }: { readonly tokens: readonly MarkedToken[] }) {
  return (
    <>
      {tokens.map((token, index) => (
        <Block key={index} raw={token.raw} token={token} />
      ))}
    </>
  );
}

function List({ list }: { readonly list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    <li key={index} class={item.task ? 'task' : undefined}>
      <Blocks tokens={item.tokens as MarkedToken[]} />
    </li>
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return <ol start={Number(list.start) || 1}>{items}</ol>;
}

function Table({ table: { header, rows } }: { readonly table: Tokens.Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="table-scroll" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>{header.map((cell, column) => cellOf(cell, column))}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{row.map((cell, column) => cellOf(cell, column))}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cellOf({ header, align, tokens }: Tokens.TableCell, column: number) {
  const Cell = header ? 'th' : 'td';
  return (
    <Cell key={column} class={align ? `to-${align}` : undefined}>
      <Inline tokens={tokens} />
    </Cell>
  );
}
