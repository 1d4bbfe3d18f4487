/// The deepest of some groups: the one with the most distinct ancestors, known or not, deleted
/// included, counted up to the first repeat; among equals the one whose id comes first.
///
/// - Parameters:
///   - groups: candidates: known, not deleted.
///   - parent: the parent that a group names, `nil` at the root and for a group nobody described.
///   - precedes: the byte order of two groups' ids.
/// - Returns: `nil` when there are no candidates.
/// - Source: rules.md, section 5, "Group".
package func deepestGroup<Group: Hashable>(
  among groups: some Sequence<Group>, parent: (Group) -> Group?,
  precedes: (Group, Group) -> Bool
) -> Group? {
  var best: (group: Group, depth: Int)?
  for group in groups {
    let depth = ancestorCount(of: group, parent: parent)
    if let known = best {
      guard depth > known.depth || depth == known.depth && precedes(group, known.group) else {
        continue
      }
    }
    best = (group, depth)
  }
  return best?.group
}

/// How many distinct groups lie above one. In a cycle the walk ends before the first repeat, so
/// that a group is never its own ancestor.
package func ancestorCount<Group: Hashable>(of group: Group, parent: (Group) -> Group?) -> Int {
  var seen: Set<Group> = [group]
  var current = group
  while let above = parent(current), seen.insert(above).inserted { current = above }
  return seen.count - 1
}

/// A group and all groups below it that count with it: below a deleted one nothing does.
///
/// - Parameters:
///   - children: the groups that name this one as their parent.
///   - isDeleted: asked of subgroups only.
/// - Source: rules.md, section 3, `include_subgroups`. A cycle is walked once.
package func tree<Group: Hashable>(
  from root: Group, children: (Group) -> [Group], isDeleted: (Group) -> Bool
) -> Set<Group> {
  var tree: Set<Group> = [root]
  var pending = [root]
  while let group = pending.popLast() {
    for child in children(group) where !isDeleted(child) && tree.insert(child).inserted {
      pending.append(child)
    }
  }
  return tree
}
