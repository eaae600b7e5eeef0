package screen

import "strings"

// label is the name of one or several milestones of one column.
type label struct {
	text string
	col  int
	left bool // the text stands to the left of its column, "resolved ╯", else "╰ started"
}

// span are the columns that a label takes, from and up to.
func (l *label) span() (from, to int) {
	n := len(l.text) + 2 // names are ASCII; a space and a corner go with them
	if l.left {
		return l.col - n + 1, l.col + 1
	}
	return l.col, l.col + n
}

// names writes each milestone under its column, in as few lines as do not
// collide. A line goes down through the rows above; where names leave it no room,
// it goes behind one of them.
func (b *bar) names() []string {
	waiting := b.labels()
	var lines []string
	for len(waiting) > 0 {
		cells := []rune(strings.Repeat(" ", b.cols))
		waiting = nameRow(cells, waiting)
		lines = append(lines, b.lane("", b.ink.Put(Faint, strings.TrimRight(string(cells), " ")), ""))
	}
	return lines
}

// labels names the columns: first the right half from left to right, then the
// left half from right to left. Milestones of one column share a label if it fits.
func (b *bar) labels() []label {
	var right, left []label
	for i := 0; i < len(b.marks); {
		var names []string
		col := b.marks[i].col
		for ; i < len(b.marks) && b.marks[i].col == col; i++ {
			names = append(names, b.marks[i].name)
		}
		joint := label{strings.Join(names, ", "), col, col >= b.cols/2}
		all := []label{joint}
		if from, to := joint.span(); from < 0 || to > b.cols {
			all = nil
			for _, name := range names {
				all = append(all, label{name, col, joint.left})
			}
		}
		if joint.left {
			right = append(right, all...)
		} else {
			left = append(all, left...)
		}
	}
	return append(right, left...)
}

// nameRow writes the labels that fit into one row, at least the first, and gives
// the others, whose lines go through it.
func nameRow(cells []rune, waiting []label) (rest []label) {
	for _, l := range waiting {
		cells[l.col] = '│'
	}
	for i := range waiting {
		if !waiting[i].fits(cells) {
			rest = append(rest, waiting[i])
			continue
		}
		waiting[i].put(cells)
	}
	if len(rest) == len(waiting) {
		waiting[0].put(cells)
		rest = waiting[1:]
	}
	for _, l := range rest {
		switch cells[l.col] {
		case '╰':
			cells[l.col] = '├'
		case '╯':
			cells[l.col] = '┤'
		}
	}
	return rest
}

// fits tells whether there is nothing in the way, nor touching the text.
func (l *label) fits(cells []rune) bool {
	from, to := l.span()
	for col := max(0, from-1); col < min(len(cells), to+1); col++ {
		beyond := col >= to && l.left || col < from && !l.left // what stands beside the corner
		if col != l.col && !beyond && cells[col] != ' ' {
			return false
		}
	}
	return cells[l.col] == '│'
}

func (l *label) put(cells []rune) {
	text := "╰ " + l.text
	if l.left {
		text = l.text + " ╯"
	}
	from, _ := l.span()
	copy(cells[from:], []rune(text))
}
