//! The steps of networks beside what the processor can do: a point is a step, its place to the right how many operations it has for a byte
//! of its weights, operands and result, its height how many of them it does in a second. No point can lie above the roof, which
//! is the peak of multiply-adds in registers, or left of it, what the second-level cache gives in a second.

use std::error::Error;
use std::sync::Mutex;

use plotters::prelude::*;
use plotters::style::register_font;

use crate::peak;
use crate::steps::Measured;

static POINTS: Mutex<Vec<(String, Vec<[f64; 2]>)>> = Mutex::new(Vec::new());

/// Networks whose steps are drawn: those that are not of one layer.
const DRAWN: [&str; 8] =
    ["mlp_784", "autoencoder", "digits", "lenet", "ds_cnn", "mobilenet_025", "resnet_8", "resnet_18"];
const COLOURS: [RGBColor; 8] = [
    RGBColor(31, 119, 180),
    RGBColor(23, 190, 207),
    RGBColor(44, 160, 44),
    RGBColor(188, 189, 34),
    RGBColor(255, 127, 14),
    RGBColor(214, 39, 40),
    RGBColor(148, 103, 189),
    RGBColor(60, 60, 60),
];
const PATH: &str = "target/roofline.png";

pub(crate) fn add(name: &str, steps: Vec<Measured>) {
    if !DRAWN.contains(&name) {
        return;
    }
    let points = steps.iter().filter(|step| step.flops > 0.0);
    let points = points.filter_map(|step| Some([step.flops / step.bytes, step.rate()?])).collect();
    println!("{name}");
    POINTS.lock().expect("one thread").push((name.into(), points));
}

/// Writes the picture.
pub(crate) fn draw() -> Result<&'static str, Box<dyn Error>> {
    register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::HACK_REGULAR)
        .map_err(|_| "the font cannot be read")?;
    let points = POINTS.lock().expect("one thread");
    let (flops, bytes) = (peak::peak(), peak::bandwidth());
    let area = BitMapBackend::new(PATH, (960, 600)).into_drawing_area();
    area.fill(&WHITE)?;
    let title = format!("Layers of frozen networks, {:?}, one core, batch 1", nn::Isa::current());
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(16)
        .x_label_area_size(46)
        .y_label_area_size(60)
        .build_cartesian_2d((0.2f64..300.0).log_scale(), (1.0f64..300.0).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("operations for a byte of weights, operands and result")
        .y_desc("GFLOP/s")
        .label_style(("sans-serif", 13))
        .light_line_style(RGBColor(240, 240, 240))
        .draw()?;
    let roof = [0.2, flops / bytes, 300.0].map(|x| (x, flops.min(x * bytes)));
    chart.draw_series(LineSeries::new(roof, BLACK.stroke_width(2)))?;
    let label = |text: String, at: (f64, f64)| Text::new(text, at, ("sans-serif", 13).into_font().color(&BLACK));
    chart.draw_series([
        label(format!("multiply-adds in registers: {flops:.0} GFLOP/s"), (24.0, flops * 1.22)),
        label(format!("second-level cache: {bytes:.0} GB/s"), (0.22, bytes * 0.16)),
    ])?;
    for ((name, points), colour) in points.iter().zip(COLOURS) {
        chart
            .draw_series(points.iter().map(|&[x, y]| Circle::new((x, y), 5, colour.mix(0.75).filled())))?
            .label(name)
            .legend(move |(x, y)| Circle::new((x + 8, y), 5, colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.8))
        .border_style(RGBColor(200, 200, 200))
        .label_font(("sans-serif", 13))
        .draw()?;
    area.present()?;
    Ok(PATH)
}
