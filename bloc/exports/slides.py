"""The briefing as PowerPoint slides: charts and tables an office program can edit, the map as a picture."""

import io
from collections.abc import Sequence
from typing import Any

from bloc.exports import charts
from bloc.exports.brief import LONGEST_PROPERTY, PRODUCT, Brief, in_its_language
from bloc.exports.document import colour
from bloc.exports.pictures import Bars, Picture
from bloc.exports.sections import Section
from bloc.language import ENGLISH, current, say, say_as
from bloc.views import export, theme

# A slide of 16:9 and the margins on it. [inches]
WIDTH, HEIGHT, MARGIN, TOP, FOOT = 13.333, 7.5, 0.6, 1.75, 7.0
# A typeface of every office program: ours would not travel with the file.
FACE = "Arial"
# Size of running text and the smallest it shrinks to where there is much to say, and the lines that fit. [pt]
TEXT, SMALLEST, FITS = 18, 12, 620
# Letters of a title that fit two lines at its full size.
TWO_LINES = 115
# What a chart takes besides its bars, and at most for the bars of a name: few bars are not blown up. [inches]
CHART_FRAME, ROOM_OF_BARS = 0.5, 0.8
# Size of what stands below a title, and the letters of it that fit two lines. [pt]
BELOW, BELOW_FITS = 14, 230
# Letters of the stamp that fit its slide at full size.
STAMP_FITS = 3500


class Deck:
    """A presentation in the making."""

    def __init__(self, brief: Brief) -> None:
        # Imported here, since it takes memory that only an export needs.
        from pptx import Presentation
        from pptx.util import Inches

        self.brief = brief
        self.deck: Any = Presentation()
        self.deck.slide_width, self.deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.deck.core_properties.title = brief.title[:LONGEST_PROPERTY]
        self.deck.core_properties.author = PRODUCT
        self.deck.core_properties.comments = brief.stamp.line[:LONGEST_PROPERTY]

    def slide(self, title: str, below: str = "") -> Any:
        """New slide with a title, a line below it, and the stamp at its foot."""
        # The layout with a title alone, so that an outline view and a screen reader find it.
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        head = slide.shapes.title
        _place(head, MARGIN, 0.35, WIDTH - 2 * MARGIN, 0.95)
        _write(head.text_frame, [title], 26 if len(title) <= TWO_LINES else 20, bold=True, anchor="bottom")
        if below:
            size = BELOW * min(1, BELOW_FITS / len(below))
            self.text(slide, [below], (MARGIN, 1.27, WIDTH - 2 * MARGIN, 0.4), size, theme.LIGHT.muted)
        sources = say("Sources: {sources}.", sources=self.brief.stamp.publishers)
        foot = [f"{self.brief.stamp.line} {sources} {len(self.deck.slides)}"]
        self.text(slide, foot, (MARGIN, FOOT, WIDTH - 2 * MARGIN, 0.4), 9, theme.LIGHT.muted)
        return slide

    def text(
        self, slide: Any, lines: Sequence[str], where: tuple[float, float, float, float], size: float, fill: str
    ) -> None:
        """Lines of text in a box; inches."""
        from pptx.util import Inches

        box = slide.shapes.add_textbox(*(Inches(each) for each in where))
        _write(box.text_frame, lines, size, fill=fill)

    def sections(self, slide: Any, said: Sequence[Section]) -> None:
        """Sections side by side, their letters as large as the longer one allows; one alone under its title."""
        size = min(_size(section.sentences) for section in said)
        if len(said) == 1:
            room = (MARGIN, TOP, WIDTH - 2 * MARGIN, FOOT - TOP)
            self.text(slide, said[0].sentences, room, size, theme.LIGHT.ink)
            return
        width = (WIDTH - 2 * MARGIN - 0.5) / 2
        for at, section in enumerate(said):
            left = MARGIN + at * (width + 0.5)
            self.text(slide, [section.heading], (left, TOP, width, 0.4), 20, theme.LIGHT.member)
            self.text(slide, section.sentences, (left, TOP + 0.45, width, FOOT - TOP - 0.5), size, theme.LIGHT.ink)

    def legend(self, slide: Any, picture: Picture) -> None:
        """Coloured squares with their meanings."""
        from pptx.util import Inches

        left = MARGIN + 0.1
        for meaning, text in picture.legend.items():
            square = slide.shapes.add_shape(1, Inches(left), Inches(TOP + 0.1), Inches(0.16), Inches(0.16))
            square.fill.solid()
            square.fill.fore_color.rgb = _rgb(colour(picture, meaning))
            square.line.fill.background()
            square.shadow.inherit = False
            width = 0.5 + 0.095 * len(text)
            self.text(slide, [text], (left + 0.17, TOP - 0.03, width, 0.3), 12, theme.LIGHT.muted)
            left += width + 0.2

    def picture(self, picture: Picture) -> None:
        """A slide for a picture: bars the program draws itself, or the map as it is."""
        slide = self.slide(picture.finding, picture.basis)
        top = TOP + (0.4 if picture.legend else 0.1)
        self.legend(slide, picture)
        if not picture.bars:
            self._drawn(slide, picture, top)
        width = (WIDTH - 2 * MARGIN) / max(len(picture.bars), 1)
        for at, bars in enumerate(picture.bars):
            height = min(FOOT - top - 0.1, CHART_FRAME + ROOM_OF_BARS * len(bars.categories))
            _chart(slide, bars, (MARGIN + at * width, top, width, height), picture)

    def _drawn(self, slide: Any, picture: Picture, top: float) -> None:
        from pptx.util import Inches

        image = io.BytesIO(export.png(charts.drawing(picture)))
        placed = slide.shapes.add_picture(image, Inches(MARGIN), Inches(top), height=Inches(FOOT - top - 0.1))
        if placed.width > Inches(WIDTH - 2 * MARGIN):
            placed.height = round(placed.height * Inches(WIDTH - 2 * MARGIN) / placed.width)
            placed.width = Inches(WIDTH - 2 * MARGIN)
        placed.left = round((Inches(WIDTH) - placed.width) / 2)
        placed._element.nvPicPr.cNvPr.set("descr", picture.alt)

    def table(self) -> None:
        """A slide for the table."""
        from pptx.util import Inches

        table = self.brief.table
        slide = self.slide(table.title, table.note)
        size = (len(table.rows) + 1, len(table.columns))
        frame = slide.shapes.add_table(
            *size, Inches(MARGIN), Inches(TOP + 0.1), Inches(WIDTH - 2 * MARGIN), Inches(0.4 * size[0])
        )
        for row, cells in enumerate([table.columns, *table.rows]):
            for column, cell in enumerate(cells):
                _fill_cell(frame.table.cell(row, column), cell, row, column)


@in_its_language
def pptx(brief: Brief) -> bytes:
    """Presentation of a briefing."""
    deck = Deck(brief)
    said = brief.sections
    deck.sections(deck.slide(brief.title, brief.subtitle), said[:2])
    for picture in brief.pictures:
        deck.picture(picture)
    for at in range(2, len(said), 2):
        pair = said[at : at + 2]
        deck.sections(deck.slide(_title(pair)), pair)
    deck.table()
    stamp = brief.stamp
    last = deck.slide(say("Where it comes from"), stamp.line)
    says = [
        " ".join(stamp.settings),
        say("Link: {link}", link=stamp.shown_link),
        say("Sources: {sources}.", sources="; ".join(stamp.sources)),
    ]
    size = min(11, 11 * (STAMP_FITS / sum(len(each) for each in says)) ** 0.5)
    deck.text(last, says, (MARGIN, TOP, WIDTH - 2 * MARGIN, FOOT - TOP), size, theme.LIGHT.ink)
    data = io.BytesIO()
    deck.deck.save(data)
    return data.getvalue()


def _title(sections: Sequence[Section]) -> str:
    """Title of a slide with a section or two."""
    if len(sections) == 1:
        return sections[0].heading
    return say("{first} and {last}", first=sections[0].heading, last=sections[1].second)


def _size(sentences: Sequence[str]) -> float:
    """Size at which sentences fit half a slide."""
    letters = sum(len(each) + 40 for each in sentences)
    return TEXT if letters <= FITS else max(SMALLEST, TEXT * (FITS / letters) ** 0.5)


def _rgb(hexadecimal: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(hexadecimal.removeprefix("#"))


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (Inches(each) for each in (left, top, width, height))


def _write(
    frame: Any, lines: Sequence[str], size: float, bold: bool = False, fill: str = theme.LIGHT.ink, anchor: str = "top"
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if anchor == "bottom" else MSO_ANCHOR.TOP
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(size * 0.45)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.name = Pt(round(size, 1)), bold, FACE
        run.font.color.rgb = _rgb(fill)
        if current().code != ENGLISH:
            # What an office program checks the spelling by.
            run._r.get_or_add_rPr().set("lang", current().code.replace("_", "-"))


def _fill_cell(cell: Any, text: str, row: int, column: int) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches, Pt

    cell.text = text
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT if column in (0, 1, 3) else PP_ALIGN.RIGHT
    paragraph.font.size, paragraph.font.name, paragraph.font.bold = Pt(13), FACE, row == 0
    paragraph.font.color.rgb = _rgb(theme.LIGHT.ground if row == 0 else theme.LIGHT.ink)
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(theme.LIGHT.member if row == 0 else theme.LIGHT.ground)


def _chart(slide: Any, bars: Bars, where: tuple[float, float, float, float], picture: Picture) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    dollars = say_as("number format of millions", '"$"#,##0,," m"')
    data = CategoryChartData(number_format="0%" if bars.unit == "share" else dollars)
    data.categories = list(bars.categories)
    for name, values in bars.values.items():
        data.add_series(name, values)
    places = (Inches(each) for each in where)
    placed = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *places, data)
    placed._element.nvGraphicFramePr.cNvPr.set("descr", picture.alt)
    _style(placed.chart, bars, picture)


def _style(chart: Any, bars: Bars, picture: Picture) -> None:
    """Bars from the top down, numbers at their ends, no grid; one colour a meaning."""
    from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION
    from pptx.util import Pt

    several = len(bars.values) > 1
    chart.font.size, chart.font.name = Pt(12), FACE
    chart.has_title = bool(bars.title)
    if bars.title:
        chart.chart_title.text_frame.text = bars.title
        chart.chart_title.text_frame.paragraphs[0].font.size = Pt(14)
    chart.has_legend = several
    if several:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = _rgb(theme.LIGHT.hair)
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    known = [value for values in bars.values.values() for value in values if value is not None]
    # Amounts of money leave room for their labels.
    chart.value_axis.maximum_scale = 1.0 if bars.unit == "share" else 1.2 * max(known)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 45, -5, True
    plot.data_labels.position, plot.data_labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(11)
    for series, fill in zip(plot.series, (theme.LIGHT.range, theme.LIGHT.member), strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(fill)
    for at, meaning in enumerate(bars.meanings):
        point = plot.series[0].points[at].format.fill
        point.solid()
        point.fore_color.rgb = _rgb(colour(picture, meaning))
