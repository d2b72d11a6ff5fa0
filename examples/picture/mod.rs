//! Pictures in and out, for the examples: reading, cutting to a fixed size, a picture to try things on, and sheets with captions.

use std::error::Error;

use image::imageops::{FilterType, crop_imm, resize};
use image::{Rgb, RgbImage};
use nn::Tensor3;
use plotters::prelude::*;
use plotters::style::register_font;

/// Red, green and blue, from 0 to 1.
pub(crate) type Picture<const SIZE: usize> = Tensor3<3, SIZE, SIZE>;

/// The picture in a PNG or JPEG file: the largest square in its middle, made as large as the network wants it. A network's shapes are fixed
/// when the program is compiled; a file's are not.
pub(crate) fn read<const SIZE: usize>(path: &str) -> Result<Box<Picture<SIZE>>, Box<dyn Error>> {
    let file = image::open(path).map_err(|error| format!("{path} cannot be read: {error}"))?.to_rgb8();
    let side = file.width().min(file.height());
    let square = crop_imm(&file, (file.width() - side) / 2, (file.height() - side) / 2, side, side).to_image();
    Ok(picture(&resize(&square, SIZE as u32, SIZE as u32, FilterType::Triangle)))
}

/// Bytes to numbers.
fn picture<const SIZE: usize>(image: &RgbImage) -> Box<Picture<SIZE>> {
    let mut picture = Box::new(Picture::default());
    for (x, y, pixel) in image.enumerate_pixels() {
        for (channel, value) in pixel.0.iter().enumerate() {
            picture[channel][y as usize][x as usize] = f32::from(*value) / 255.0;
        }
    }
    picture
}

/// Numbers to bytes; what is darker than black is black, what is lighter than white is white.
pub(crate) fn image<const SIZE: usize>(picture: &Picture<SIZE>) -> RgbImage {
    RgbImage::from_fn(SIZE as u32, SIZE as u32, |x, y| {
        let value = |channel: usize| (picture[channel][y as usize][x as usize].clamp(0.0, 1.0) * 255.0).round() as u8;
        Rgb([value(0), value(1), value(2)])
    })
}

/// Hills, a sun, a tower with windows, and letters: gradients, edges, curves and fine lines.
pub(crate) fn scene<const SIZE: usize>() -> Result<Box<Picture<SIZE>>, Box<dyn Error>> {
    // Drawn three times as large, so that edges are as soft as a camera's.
    let large = draw_scene(3 * SIZE as u32)?;
    Ok(picture(&resize(&large, SIZE as u32, SIZE as u32, FilterType::Triangle)))
}

fn draw_scene(size: u32) -> Result<RgbImage, Box<dyn Error>> {
    font()?;
    let mut bytes = vec![0; 3 * (size * size) as usize];
    {
        let area = BitMapBackend::with_buffer(&mut bytes, (size, size)).into_drawing_area();
        let at = |x: f64, y: f64| ((x * f64::from(size)) as i32, (y * f64::from(size)) as i32);
        let length = |part: f64| (part * f64::from(size)) as i32;
        for row in 0..size as i32 {
            let height = f64::from(row) / f64::from(size);
            let shade = |low: f64, high: f64| (low + (high - low) * height) as u8;
            let colour = RGBColor(shade(70.0, 255.0), shade(130.0, 225.0), shade(210.0, 190.0));
            area.draw(&PathElement::new([(0, row), (size as i32, row)], colour))?;
        }
        area.draw(&Circle::new(at(0.72, 0.24), length(0.1), RGBColor(255, 236, 150).filled()))?;
        let hills = [
            (0.52, 0.10, 7.0, 0.4, (104, 130, 150)),
            (0.66, 0.07, 9.0, 2.0, (70, 122, 84)),
            (0.8, 0.04, 14.0, 4.0, (62, 108, 56)),
        ];
        for (middle, high, waves, phase, (red, green, blue)) in hills {
            let ridge =
                (0..=100).map(|step| f64::from(step) / 100.0).map(|x| (x, middle + high * (waves * x + phase).sin()));
            let outline = ridge.chain([(1.0, 1.0), (0.0, 1.0)]).map(|(x, y)| at(x, y));
            area.draw(&Polygon::new(outline.collect::<Vec<_>>(), RGBColor(red, green, blue)))?;
        }
        let rectangle = |left: f64, top: f64, right: f64, bottom: f64, colour: RGBColor| {
            area.draw(&Rectangle::new([at(left, top), at(right, bottom)], colour.filled()))
        };
        rectangle(0.16, 0.3, 0.36, 0.9, RGBColor(178, 92, 70))?;
        area.draw(&Polygon::new([at(0.13, 0.3), at(0.26, 0.14), at(0.39, 0.3)], RGBColor(96, 42, 46)))?;
        for (row, column) in (0..5).flat_map(|row| (0..3).map(move |column| (f64::from(row), f64::from(column)))) {
            let (left, top) = (0.185 + 0.06 * column, 0.34 + 0.11 * row);
            rectangle(left, top, left + 0.03, top + 0.06, RGBColor(250, 226, 160))?;
        }
        for post in 0..24 {
            let left = 0.44 + 0.023 * f64::from(post);
            rectangle(left, 0.84, left + 0.009, 0.95, RGBColor(236, 232, 222))?;
        }
        area.draw(&Text::new("nn", at(0.46, 0.09), ("sans-serif", size / 12).into_font().color(&WHITE)))?;
        area.present()?;
    }
    RgbImage::from_raw(size, size, bytes).ok_or_else(|| "the scene has another size".into())
}

/// Writes pictures of one size with their captions, row by row.
pub(crate) fn sheet(path: &str, columns: usize, pictures: &[(&str, RgbImage)]) -> Result<(), Box<dyn Error>> {
    const GAP: u32 = 12;
    const CAPTION: u32 = 26;
    font()?;
    let Some((_, first)) = pictures.first() else { return Ok(()) };
    let (width, height) = first.dimensions();
    let rows = pictures.len().div_ceil(columns) as u32;
    let size = (GAP + columns as u32 * (width + GAP), GAP + rows * (height + CAPTION + GAP));
    let area = BitMapBackend::new(path, size).into_drawing_area();
    area.fill(&WHITE)?;
    for (index, (caption, picture)) in pictures.iter().enumerate() {
        let (row, column) = ((index / columns) as u32, (index % columns) as u32);
        let (left, top) = ((GAP + column * (width + GAP)) as i32, (GAP + row * (height + CAPTION + GAP)) as i32);
        area.draw(&Text::new(*caption, (left, top), ("sans-serif", 15).into_font().color(&BLACK)))?;
        let bytes = picture.as_raw();
        let element = BitMapElement::with_ref((left, top + CAPTION as i32), picture.dimensions(), bytes);
        area.draw(&element.ok_or("a picture has another size")?)?;
    }
    area.present()?;
    Ok(())
}

fn font() -> Result<(), Box<dyn Error>> {
    register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::HACK_REGULAR)
        .map_err(|_| "the font cannot be read".into())
}
