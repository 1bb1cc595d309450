// What vega-interpreter imports from vega-util, out of the bundle of Vega that the page has loaded already.
export const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;
