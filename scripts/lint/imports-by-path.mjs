const pathOf = ({ source }) => source.value;

/** Packages come before files of the project; within each, paths are in order. */
function sortKey(declaration) {
  const path = pathOf(declaration);
  return path.startsWith('.') ? `1${path}` : `0${path}`;
}

/** The first import that stands behind one which belongs behind it; undefined where all are in order. */
function firstMisplaced(declarations) {
  return declarations.find(
    (declaration, index) => index > 0 && sortKey(declaration) < sortKey(declarations[index - 1]),
  );
}

/** Imports with names; one without is there for its effect, and has to stay where it is. */
const isSortable = ({ type, specifiers }) => type === 'ImportDeclaration' && specifiers.length > 0;

/** Has imports stand in the order of their paths, so that those of one folder stand together. */
export default {
  meta: {
    type: 'layout',
    schema: [],
    messages: { misplaced: "The import of '{{path}}' belongs before the one above it." },
  },
  create(context) {
    return {
      Program({ body }) {
        const misplaced = firstMisplaced(body.filter(isSortable));
        if (misplaced === undefined) return;
        context.report({
          node: misplaced,
          messageId: 'misplaced',
          data: { path: pathOf(misplaced) },
        });
      },
    };
  },
};
