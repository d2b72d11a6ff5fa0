//! The pictures.

use std::error::Error;
use std::fs;

use nn::train::{Epoch, Score};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;

use crate::data::{IMAGE, Image};
use crate::{DigitNet, Reading, percent, scores};

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn Error>>;

const FOLDER: &str = "target/digits";
const TRAIN: RGBColor = RGBColor(31, 119, 180);
const TEST: RGBColor = RGBColor(214, 69, 30);
const GREY: RGBColor = RGBColor(150, 150, 150);

/// Writes all pictures and gives their paths.
pub(crate) fn draw(net: &DigitNet, epochs: &[Epoch], readings: &[Reading<'_>]) -> Result<[String; 3], Box<dyn Error>> {
    fs::create_dir_all(FOLDER)?;
    register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::HACK_REGULAR)
        .map_err(|_| "the font cannot be read")?;
    let paths = ["training", "hardest", "filters"].map(|name| format!("{FOLDER}/{name}.png"));
    curves(&paths[0], epochs)?;
    hardest(&paths[1], readings)?;
    filters(&paths[2], net)?;
    Ok(paths)
}

fn sheet<'a>(path: &'a str, size: (u32, u32), title: &str) -> Result<Area<'a>, Box<dyn Error>> {
    let area = BitMapBackend::new(path, size).into_drawing_area();
    area.fill(&WHITE)?;
    Ok(area.margin(15, 15, 15, 15).titled(title, ("sans-serif", 26))?)
}

/// Loss on the left, accuracy on the right.
fn curves(path: &str, epochs: &[Epoch]) -> Drawn {
    let area = sheet(path, (1600, 700), "the training, epoch by epoch")?;
    let (left, right) = area.split_horizontally(780);
    let loss = |score: &Score| score.loss;
    let highest = epochs.iter().flat_map(scores).map(loss).fold(0.0, f64::max);
    chart(&left, "cross entropy, labels smoothed", 0.0..highest * 1.05, epochs, loss)?;
    // The first epochs would squeeze the rest.
    let lowest = epochs.iter().skip(2).flat_map(scores).map(percent).fold(95.0, f64::min);
    chart(&right, "accuracy in %", lowest - 1.0..100.2, epochs, percent)?;
    area.present()?;
    Ok(())
}

fn chart(
    area: &Area<'_>,
    what: &str,
    range: std::ops::Range<f64>,
    epochs: &[Epoch],
    value: fn(&Score) -> f64,
) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin(15)
        .x_label_area_size(60)
        .y_label_area_size(90)
        .build_cartesian_2d(1..epochs.len(), range.clone())?;
    let (label, title) = (("sans-serif", 18), ("sans-serif", 20));
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc(what)
        .label_style(label)
        .axis_desc_style(title)
        .light_line_style(WHITE)
        .draw()?;
    for (part, color, name) in [(0, TRAIN, "training digits, shifted"), (1, TEST, "test digits")] {
        let points = epochs.iter().map(|epoch| (epoch.number, value(scores(epoch)[part])));
        let visible = points.filter(|(_, value)| range.contains(value));
        chart
            .draw_series(LineSeries::new(visible, color.filled().stroke_width(3)).point_size(5))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 30, y)], color.stroke_width(3)));
    }
    let corner = if range.start == 0.0 { SeriesLabelPosition::UpperRight } else { SeriesLabelPosition::LowerRight };
    chart
        .configure_series_labels()
        .position(corner)
        .label_font(label)
        .legend_area_size(40)
        .border_style(GREY)
        .background_style(WHITE)
        .draw()?;
    Ok(())
}

/// The test digits with the highest loss, the misread ones in a red frame.
fn hardest(path: &str, readings: &[Reading<'_>]) -> Drawn {
    const GRID: (usize, usize) = (3, 8);
    let mut order: Vec<_> = readings.iter().collect();
    order.sort_by(|a, b| a.is_right().cmp(&b.is_right()).then(b.loss.total_cmp(&a.loss)));
    let wrong = readings.iter().filter(|reading| !reading.is_right()).count();
    let title = format!("the hardest of {} test digits, and how sure the network is; {wrong} misread", readings.len());
    let area = sheet(path, (1600, 716), &title)?;
    for (cell, reading) in area.split_evenly(GRID).iter().zip(order) {
        let color = if reading.is_right() { BLACK } else { RED };
        let text = format!("{} read as {}, {:.0} %", reading.label, reading.guess, 100.0 * reading.confidence);
        cell.draw(&Text::new(text, (15, 10), ("sans-serif", 17).into_font().color(&color)))?;
        image(&cell.margin(38, 12, 15, 15), reading.image, color)?;
    }
    area.present()?;
    Ok(())
}

fn image(area: &Area<'_>, image: &Image, frame: RGBColor) -> Drawn {
    for (pixel, ink) in area.split_evenly((IMAGE, IMAGE)).iter().zip(image[0].iter().flatten()) {
        pixel.fill(&BLACK.mix((*ink).into()))?;
    }
    outline(area, frame)
}

/// The windows of the first layer, each in the measure of its largest weight.
fn filters(path: &str, net: &DigitNet) -> Drawn {
    let area = sheet(path, (1200, 650), "the first layer's 32 filters: where red, ink adds; where blue, it subtracts")?;
    for (cell, window) in area.split_evenly((4, 8)).iter().zip(net.conv1.weight.iter()) {
        let cell = cell.margin(8, 8, 8, 8);
        let weights = window[0].as_flattened();
        let largest = weights.iter().fold(0.0, |largest: f32, weight| largest.max(weight.abs()));
        for (pixel, weight) in cell.split_evenly((3, 3)).iter().zip(weights) {
            let color = if *weight > 0.0 { TEST } else { TRAIN };
            pixel.fill(&color.mix((weight.abs() / largest).into()))?;
        }
        outline(&cell, GREY)?;
    }
    area.present()?;
    Ok(())
}

fn outline(area: &Area<'_>, color: RGBColor) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    area.draw(&Rectangle::new([(0, 0), (width as i32 - 1, height as i32 - 1)], color.stroke_width(2)))?;
    Ok(())
}
