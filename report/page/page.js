"use strict";
/* Comfort only: without it everything is there, in order of what happened. */
(function () {
	function each(selector, visit, root) {
		Array.prototype.forEach.call((root || document).querySelectorAll(selector), visit);
	}

	/* What a link leads to is opened, wherever it is folded away. */
	function reveal() {
		var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
		for (var at = target; at; at = at.parentElement)
			if (at.tagName === "DETAILS")
				at.open = true;
		if (target)
			target.scrollIntoView();
	}
	window.addEventListener("hashchange", reveal);
	reveal();

	/* In print everything is open. */
	var opened = [];
	window.addEventListener("beforeprint", function () {
		each("details:not([open])", function (details) { details.open = true; opened.push(details); });
	});
	window.addEventListener("afterprint", function () {
		opened.forEach(function (details) { details.open = false; });
		opened = [];
	});

	/* The table: rows that have every word that was typed. */
	var table = document.querySelector("table.endings");
	var box = document.getElementById("filter");
	var shown = document.getElementById("shown");
	function filter(rows, texts) {
		var words = box.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
		rows.forEach(function (row, i) {
			var wanted = words.every(function (word) { return texts[i].indexOf(word) >= 0; });
			row.hidden = !wanted;
			count += wanted;
		});
		shown.textContent = words.length ? count + " of " + rows.length : "";
	}
	function key(row, column) {
		var cell = row.cells[column], time = cell.querySelector("time");
		return time ? time.dateTime : cell.textContent;
	}
	var collator = new Intl.Collator("en", {numeric: true});
	function sort(column, heads) {
		var descending = heads[column].getAttribute("aria-sort") === "ascending";
		var body = table.tBodies[0];
		var keyed = Array.prototype.map.call(body.rows, function (row) { return [key(row, column), row]; });
		keyed.sort(function (a, b) { return collator.compare(a[0], b[0]) * (descending ? -1 : 1); });
		heads.forEach(function (head) { head.removeAttribute("aria-sort"); });
		heads[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
		keyed.forEach(function (pair) { body.appendChild(pair[1]); });
	}
	if (table) {
		var rows = Array.prototype.slice.call(table.tBodies[0].rows);
		var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
		var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
		box.parentElement.hidden = false;
		box.addEventListener("input", function () { filter(rows, texts); });
		heads.forEach(function (head, column) {
			var button = document.createElement("button");
			button.type = "button";
			button.textContent = head.textContent;
			button.addEventListener("click", function () { sort(column, heads); });
			head.textContent = "";
			head.appendChild(button);
		});
	}

	/* Commands and filters to copy. */
	function copy(text, button) {
		function done() {
			button.textContent = "Copied";
			setTimeout(function () { button.textContent = "Copy"; }, 1500);
		}
		function select() {
			getSelection().selectAllChildren(button.previousElementSibling);
		}
		if (navigator.clipboard)
			navigator.clipboard.writeText(text).then(done, select);
		else
			select();
	}
	each(".copy", function (block) {
		var button = document.createElement("button");
		button.type = "button";
		button.textContent = "Copy";
		button.setAttribute("aria-label", "Copy: " + block.textContent);
		button.addEventListener("click", function () { copy(block.firstElementChild.textContent, button); });
		block.appendChild(button);
	});
})();
