/** The rules that bin/check holds static/css to; prettier decides how a line is laid out. */
export default {
  extends: 'stylelint-config-standard',
  rules: {
    // ECharts reads the colours of tokens.css and knows no other way of writing them.
    'alpha-value-notation': 'number',
    'color-function-alias-notation': null,
    'color-function-notation': 'legacy',
    // Values of the same kind stand together without a gap.
    'custom-property-empty-line-before': null,
    'declaration-empty-line-before': null,
    // Safari before 16.4 reads no ranges.
    'media-feature-range-notation': 'prefix',
    // Files are in the order of the page's parts, not of their selectors' weight.
    'no-descending-specificity': null,
    // asteriskField is crispy's.
    'selector-class-pattern': '^([a-z][a-z0-9]*(-[a-z0-9]+)*|asteriskField)$',
    // Names of fonts keep their capitals.
    'value-keyword-case': ['lower', { ignoreProperties: ['/^--/'] }],
  },
};
