package screen

import "strings"

// names writes each milestone under its column, in as few lines as do not
// collide: those of the left half end in their name, "╰ started", those of the
// right half begin with it, "resolved ╯". A line goes down through the rows above.
func (b *bar) names() []string {
	left, right := b.halves()
	var lines []string
	for len(left)+len(right) > 0 {
		cells := []rune(strings.Repeat(" ", b.cols))
		edge := b.cols // the leftmost column taken by the right half
		right, edge = rightRow(cells, right, edge)
		left = leftRow(cells, left, edge)
		lines = append(lines, b.lane("", b.ink.Put(Faint, strings.TrimRight(string(cells), " ")), ""))
	}
	return lines
}

// halves splits the milestones; those of one column share one name.
func (b *bar) halves() (left, right []mark) {
	for _, m := range b.marks {
		side := &left
		if m.col >= b.cols/2 {
			side = &right
		}
		if n := len(*side); n > 0 && (*side)[n-1].col == m.col {
			(*side)[n-1].name += ", " + m.name
			continue
		}
		*side = append(*side, m)
	}
	return left, right
}

// leftRow writes from right to left what fits before edge, and gives the rest.
func leftRow(cells []rune, marks []mark, edge int) []mark {
	var rest []mark
	for i := len(marks) - 1; i >= 0; i-- {
		m := marks[i]
		text := []rune("╰ " + m.name)
		if m.col+len(text) < edge || len(rest) == 0 && edge == len(cells) {
			copy(cells[m.col:], text)
		} else {
			cells[m.col] = '│'
			rest = append([]mark{m}, rest...)
		}
		edge = m.col
	}
	return rest
}

// rightRow is its mirror, from left to right; it also gives the leftmost column taken.
func rightRow(cells []rune, marks []mark, edge int) (rest []mark, taken int) {
	taken = edge
	free := 0 // columns before it are taken
	for _, m := range marks {
		text := []rune(m.name + " ╯")
		text = text[max(0, len(text)-m.col-1):]
		start := m.col - len(text) + 1
		if start > free || free == 0 {
			copy(cells[start:], text)
		} else {
			start = m.col
			cells[start] = '│'
			rest = append(rest, m)
		}
		taken = min(taken, start)
		free = m.col + 1
	}
	return rest, taken
}
