import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import type { ComponentChildren } from 'preact';
import { TextWithSeams } from './seam.tsx';

// Loaded when the first code with a language is shown.

// The weight of all pages together decides how many languages there are: css alone weighs as much as
// the next three.
const colours = createLowlight({
  ...{ bash, cpp, diff, dockerfile, go, ini, java, json, python, rust, shell, sql },
  ...{ typescript, xml, yaml },
});
colours.registerAlias({ cpp: ['c'], typescript: ['javascript', 'js', 'jsx', 'mjs', 'cjs'] });

/** Code in its language's colours, or undefined for a language that is not known here. */
export function highlight(text: string, language: string): ComponentChildren {
  const name = language.toLowerCase();
  if (!colours.registered(name)) return undefined;
  return nodes(colours.highlight(name, text).children);
}

type Tree = ReturnType<typeof colours.highlight>['children'];

function nodes(tree: Tree): ComponentChildren {
  return tree.map((node, index) => {
    if (node.type === 'text') return <TextWithSeams key={index} text={node.value} />;
    if (node.type !== 'element') return null;
    const names = node.properties['className'];
    return (
      <span key={index} class={Array.isArray(names) ? names.join(' ') : undefined}>
        {nodes(node.children as Tree)}
      </span>
    );
  });
}
