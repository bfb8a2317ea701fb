const PANELS = ['wide-of-two', '', '', '', ''];

/** The board's outline, until the first figures are here. */
export function Skeleton() {
  return (
    <div class="skeleton" aria-busy="true">
      <p class="hidden-visually" role="status">
        Loading
      </p>
      <div class="tiles" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((tile) => (
          <div key={tile} class="tile ghost" />
        ))}
      </div>
      <div class="board" aria-hidden="true">
        {PANELS.map((look, index) => (
          <div key={index} class={`panel ghost ${look}`} />
        ))}
      </div>
    </div>
  );
}
