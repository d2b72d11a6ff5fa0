//! The pictures, as SVG.

use std::error::Error;
use std::fs;

use plotters::prelude::*;

use crate::data::{Digit, IMAGE};
use crate::{DigitNet, Epoch};

const FOLDER: &str = "target/digits";

/// Writes all pictures and gives their paths.
pub(crate) fn draw(net: &DigitNet, epochs: &[Epoch], wrong: &[(&Digit, &u32)]) -> Result<Vec<String>, Box<dyn Error>> {
    fs::create_dir_all(FOLDER)?;
    let path = |name: &str| format!("{FOLDER}/{name}.svg");
    curves(&path("curves"), epochs)?;
    misclassified(&path("misclassified"), wrong)?;
    filters(&path("filters"), net)?;
    Ok(["curves", "misclassified", "filters"].map(path).to_vec())
}

/// Loss on the left, accuracy on the right.
fn curves(path: &str, epochs: &[Epoch]) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, (900, 380)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(450);
    let highest = epochs.iter().map(|epoch| epoch.loss).fold(0.0, f32::max);
    let lines = |value: fn(&Epoch) -> f32| epochs.iter().enumerate().map(move |(epoch, result)| (epoch + 1, value(result)));

    let mut chart = builder(&left, "loss").build_cartesian_2d(1..epochs.len(), 0.0..highest * 1.05)?;
    chart.configure_mesh().x_desc("epoch").y_desc("cross entropy").light_line_style(WHITE).draw()?;
    chart.draw_series(LineSeries::new(lines(|epoch| epoch.loss), BLUE.stroke_width(2)))?;

    let lowest = epochs.iter().skip(1).map(|epoch| epoch.train_accuracy.min(epoch.test_accuracy)).fold(99.0, f32::min);
    let mut chart = builder(&right, "accuracy").build_cartesian_2d(1..epochs.len(), lowest - 1.0..100.2f32)?;
    chart.configure_mesh().x_desc("epoch").y_desc("%").light_line_style(WHITE).draw()?;
    let visible = move |(_, value): &(usize, f32)| *value >= lowest - 1.0;
    let legend = |color: RGBColor| move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2));
    chart
        .draw_series(LineSeries::new(lines(|epoch| epoch.train_accuracy).filter(visible), BLUE.stroke_width(2)))?
        .label("training, shifted")
        .legend(legend(BLUE));
    chart
        .draw_series(LineSeries::new(lines(|epoch| epoch.test_accuracy).filter(visible), RED.stroke_width(2)))?
        .label("test")
        .legend(legend(RED));
    chart.configure_series_labels().position(SeriesLabelPosition::LowerRight).border_style(BLACK).background_style(WHITE).draw()?;
    root.present()?;
    Ok(())
}

fn builder<'a, 'b>(
    area: &'a DrawingArea<SVGBackend<'b>, plotters::coord::Shift>,
    caption: &str,
) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder.caption(caption, ("sans-serif", 20)).margin(10).x_label_area_size(40).y_label_area_size(55);
    builder
}

/// Every digit that was got wrong, with its label and the guess.
fn misclassified(path: &str, wrong: &[(&Digit, &u32)]) -> Result<(), Box<dyn Error>> {
    let columns = wrong.len().clamp(3, 8);
    let rows = wrong.len().div_ceil(columns).max(1);
    let root = SVGBackend::new(path, (columns as u32 * 130, rows as u32 * 150 + 40)).into_drawing_area();
    root.fill(&WHITE)?;
    let root = root.titled(&format!("misread digits: {}", wrong.len()), ("sans-serif", 18))?;
    for (cell, (digit, guess)) in root.split_evenly((rows, columns)).iter().zip(wrong) {
        let text = format!("{}, read as {guess}", digit.label);
        cell.draw(&Text::new(text, (15, 5), ("sans-serif", 15)))?;
        image(&cell.margin(28, 22, 15, 15), &digit.image[0], 1.0)?;
    }
    root.present()?;
    Ok(())
}

/// The windows of the first layer: red where a bright pixel speaks for the feature, blue where it speaks against it.
fn filters(path: &str, net: &DigitNet) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, (8 * 70, 4 * 70 + 40)).into_drawing_area();
    root.fill(&WHITE)?;
    let root = root.titled("the 32 filters of the first layer", ("sans-serif", 18))?;
    let largest = net.conv1.weight.iter().flatten().flatten().flatten().fold(0.0, |largest: f32, value| largest.max(value.abs()));
    for (cell, window) in root.split_evenly((4, 8)).iter().zip(net.conv1.weight.iter()) {
        let pixels = cell.margin(5, 5, 5, 5).split_evenly((3, 3));
        for (pixel, value) in pixels.iter().zip(window[0].iter().flatten()) {
            let fade = |strength: f32| (255.0 * (1.0 - strength.clamp(0.0, 1.0))) as u8;
            let strength = value / largest;
            let color = if strength > 0.0 { RGBColor(255, fade(strength), fade(strength)) } else { RGBColor(fade(-strength), fade(-strength), 255) };
            pixel.fill(&color)?;
        }
        outline(&cell.margin(5, 5, 5, 5))?;
    }
    root.present()?;
    Ok(())
}

fn image<DB: DrawingBackend>(
    area: &DrawingArea<DB, plotters::coord::Shift>,
    pixels: &[[f32; IMAGE]; IMAGE],
    white: f32,
) -> Result<(), Box<dyn Error>>
where
    DB::ErrorType: 'static,
{
    for (pixel, value) in area.split_evenly((IMAGE, IMAGE)).iter().zip(pixels.iter().flatten()) {
        let grey = (255.0 * (1.0 - value / white)) as u8;
        pixel.fill(&RGBColor(grey, grey, grey))?;
    }
    outline(area)
}

fn outline<DB: DrawingBackend>(area: &DrawingArea<DB, plotters::coord::Shift>) -> Result<(), Box<dyn Error>>
where
    DB::ErrorType: 'static,
{
    let (width, height) = area.dim_in_pixel();
    area.draw(&Rectangle::new([(0, 0), (width as i32 - 1, height as i32 - 1)], BLACK.stroke_width(1)))?;
    Ok(())
}
