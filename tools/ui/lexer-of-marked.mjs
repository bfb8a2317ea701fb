/**
 * Of marked only the lexer travels. Its file makes an instance of everything when it is loaded, so
 * that no bundler can leave out what writes markup: this plugin takes that last part away, and stops
 * the build where a new version is made otherwise.
 */
export function lexerOfMarked() {
  return {
    name: 'lexer-of-marked',
    transform(code, id) {
      if (!id.endsWith('/marked.esm.js')) return undefined;
      const instance = /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\(/.exec(code);
      const lexer = /export\{.*\b(\w+) as Lexer\b/.exec(code)?.[1];
      if (!instance || !lexer) throw new Error('marked is built in another way: see lexerOfMarked');
      return { code: `${code.slice(0, instance.index)}export{${lexer} as Lexer};`, map: null };
    },
  };
}
